/*
 * Remembers the choice of appearance, and moves through lists by single keys on the desk. Pages work without it.
 * Keys: j k next and previous, Enter opens, / searches, a goes to the main act, r to the reason for a return.
 */
(function () {
  "use strict";
  function read(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function keep(key, value) { try { localStorage.setItem(key, value); } catch (e) { /* private mode: for this page only */ } }
  var saved = read("liandong-theme");
  ["auto", "light", "dark"].forEach(function (name) {
    var input = document.getElementById("theme-" + name);
    if (!input) return;
    if (name === saved) input.checked = true;
    input.addEventListener("change", function () { keep("liandong-theme", name); });
  });

  var box = document.getElementById("keys-on"), isDesk = document.body.classList.contains("face-desk"), at = -1;
  if (box) {
    box.checked = read("liandong-keys") !== "off";
    box.parentNode.hidden = false;
    box.addEventListener("change", function () { keep("liandong-keys", box.checked ? "on" : "off"); });
  }
  function move(step) {
    var rows = Array.prototype.filter.call(document.querySelectorAll(".row, .grid tbody tr"),
      function (row) { return row.querySelector("a.t"); });
    if (!rows.length) return;
    if (rows[at]) rows[at].classList.remove("at");
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows[at].classList.add("at");
    rows[at].querySelector("a.t").focus();
    rows[at].scrollIntoView({ block: "nearest" });
  }
  function go(selector) {
    var found = document.querySelector(selector);
    if (found) found.focus();
    return !!found;
  }
  document.addEventListener("keydown", function (event) {
    if (!isDesk || (box && !box.checked) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    var done = true;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "/") done = go("main input[name=q], .find input");
    else if (event.key === "a") done = go("[data-key=a]");
    else if (event.key === "r") done = go("[data-key=r]");
    else done = false;
    if (done) event.preventDefault();
  });
})();
