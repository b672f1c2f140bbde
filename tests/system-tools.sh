#!/bin/sh
# The programs that some tests drive and pip cannot bring. What is missing is installed where that is possible (as root
# on Debian or Ubuntu); otherwise the tests that need it are skipped, and named with the reason at the end of the run.
set -eu

wanted=""
without=""

want() { # want PACKAGE "what for" PROGRAM...: any one of the programs will do
    package=$1 purpose=$2
    shift 2
    for program in "$@"; do
        if command -v "$program" >/dev/null 2>&1; then return; fi
    done
    wanted="$wanted $package"
    without="$without
  $package: $purpose"
}

as_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

packages_know() {
    as_root_on_debian || return 1
    [ -n "$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null)" ] || apt-get update -qq >/dev/null 2>&1 || return 1
    apt-cache show "$1" >/dev/null 2>&1
}

japanese_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=ja family)" ]; }

if command -v chromium-headless-shell >/dev/null 2>&1 || packages_know chromium-headless-shell; then
    # Without windows of its own it does the same in half the processor time.
    want chromium-headless-shell "tests in a browser" chromium-headless-shell
else
    want chromium "tests in a browser" chromium chromium-browser google-chrome google-chrome-stable
fi
want libreoffice-calc-nogui "opening the roster in a spreadsheet program" soffice libreoffice
want poppler-utils "looking at PDF pages" pdftoppm
japanese_font || wanted="$wanted fonts-noto-cjk"

[ -n "$wanted" ] || exit 0

if as_root_on_debian; then
    echo "Installing$wanted …"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    # One package at a time after the first failure: one that cannot be had does not take the others with it.
    apt-get update -qq >"$log" 2>&1 || cat "$log" >&2
    # shellcheck disable=SC2086 # a list of words
    if apt-get install -y -qq --no-install-recommends $wanted >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    for package in $wanted; do
        apt-get install -y -qq --no-install-recommends "$package" >"$log" 2>&1 || {
            echo "Could not install $package:" >&2
            tail -n 3 "$log" >&2
        }
    done
    rm -f "$log"
    exit 0
fi

echo "Not on this machine, so their tests are skipped and named at the end:$without" >&2
case " $wanted " in *" chromium "*)
    echo "Trying Playwright's own Chromium …" >&2
    .venv/bin/playwright install chromium >/dev/null 2>&1 || echo "… not to be had either." >&2
    ;;
esac
