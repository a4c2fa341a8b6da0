/* Remembers the reader's choice of appearance in the browser's own storage; pages work without it. */
(function () {
  "use strict";
  var key = "liandong-theme", names = ["auto", "light", "dark"], saved = null;
  try { saved = localStorage.getItem(key); } catch (e) { return; }
  names.forEach(function (name) {
    var input = document.getElementById("theme-" + name);
    if (!input) return;
    if (name === saved) input.checked = true;
    input.addEventListener("change", function () {
      try { localStorage.setItem(key, name); } catch (e) { /* private mode: the choice lasts for this page */ }
    });
  });
})();
