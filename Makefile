# Liandong in a few words; meson and ninja do the work. Each word installs what it needs (root or sudo).
#   make demo     an alliance of 54 outlets at http://127.0.0.1:8080
#   make test     everything that must hold, with a time table
#   make prove    the same in full measure (hours)
#   make build    the program: build/liandong
#   make bench    speed and memory beside peers (docs/benchmarks.md)
#   make fuzz     every parser of outside bytes, 60 s each
#   make install  into PREFIX (/usr/local)
#   make clean
PREFIX ?= /usr/local
DEMO_FLAGS ?=

.PHONY: demo test prove build bench fuzz install clean
.DEFAULT_GOAL := build

build:
	@tools/deps.sh build
	@tools/build.sh

demo:
	@tools/deps.sh build
	@tools/build.sh
	@build/liandong demo $(DEMO_FLAGS)

test:
	@tools/deps.sh test
	@tools/test.sh short

prove:
	@tools/deps.sh test
	@tools/test.sh full

bench:
	@tools/deps.sh bench
	@tools/build.sh
	@tools/bench.sh

fuzz:
	@tools/deps.sh test
	@tools/fuzz.sh 60

install: build
	@DESTDIR=$(DESTDIR) tools/build.sh install $(PREFIX)

clean:
	rm -rf build
