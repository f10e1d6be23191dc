#!/bin/sh
# Creates .venv with the versions of constraints.txt and this package in it. Does nothing when that is up to date.
# PYTHON names the interpreter; without it the first one that is new enough is taken.
set -eu
cd "$(dirname "$0")/.."
log=.venv/set_up.log
ready=.venv/.ready              # written last: the folder, and a sum over all that decides what is installed
unfinished=.venv/.unfinished    # there while a set-up is under way
wanted="$(pwd)
$(cat constraints.txt settings.ini setup.py | cksum)"

if [ "$(cat $ready 2>/dev/null || true)" = "$wanted" ]; then exit 0; fi

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
version() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null; }

find_python() {
    for p in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if new_enough "$p"; then echo "$p"; return; fi
    done
    found=$(version "${PYTHON:-python3}" || true)
    echo "twm_nb needs Python 3.11 or newer, and ${PYTHON:-python3} is ${found:-not there}." >&2
    echo "Please install it, or name one: make setup PYTHON=/path/to/python3.11" >&2
    return 1
}

step() {    # step WORDS COMMAND...: runs the command into the log; on failure shows the end of it
    echo "  $1"; shift
    if ! "$@" >>$log 2>&1; then
        grep -v '^WARNING' $log | tail -n 8 >&2
        echo "The set-up failed; its whole log is $log. To try again: make setup" >&2
        exit 1
    fi
}

fresh=
if [ -e $unfinished ]; then fresh='An earlier set-up did not finish'
elif [ -e $ready ] && [ "$(head -n 1 $ready)" != "$(pwd)" ]; then fresh='This folder was moved'
elif [ -e .venv ] && ! new_enough .venv/bin/python; then fresh='The Python of .venv is gone or too old'
fi
if [ -n "$fresh" ]; then echo "$fresh: .venv is made anew."; fi
if [ -n "$fresh" ] || [ ! -e .venv ]; then
    python=$(find_python)
    echo "Setting up .venv with Python $(version "$python"); the first time takes minutes."
    mkdir -p .venv && rm -f $ready && touch $unfinished
    rm -rf .venv/*
    step 'creating the environment' "$python" -m venv .venv
else
    echo "Bringing .venv up to date."
    rm -f $ready && touch $unfinished && : >$log
fi
pip='.venv/bin/python -m pip install --quiet --disable-pip-version-check'
step 'installing the versions of constraints.txt' $pip -r constraints.txt
step 'installing twm_nb from this folder' $pip --no-deps --no-build-isolation --editable .
echo "$wanted" >$ready && rm -f $unfinished
