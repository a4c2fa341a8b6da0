"""Prints the names of HTML character references and their UTF-8 text, sorted by name, as C initialisers."""
from html.entities import html5

names = sorted((name[:-1], text) for name, text in html5.items() if name.endswith(";"))
for name, text in sorted(names, key=lambda pair: pair[0].encode()):
    octets = "".join("\\%03o" % octet for octet in text.encode())
    print('{ S_INIT("%s"), S_INIT("%s") },' % (name, octets))
