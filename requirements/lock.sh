#!/usr/bin/env bash
# Makes a lock file anew from requirements/NAME.in.
#   bash requirements/lock.sh py37 /path/to/python3.7      bash requirements/lock.sh py36 /path/to/python3.6
#   bash requirements/lock.sh py312 /path/to/python3.12
# py37 and py36: the packages are installed into an empty environment and listed. py312: uv resolves them for every
# Python and platform of the current leg; `python requirements/check_wheels.py` then checks that each has a wheel.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: bash requirements/lock.sh py37|py36|py312 PYTHON" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
case $1 in
    py36) pip=21.3.1 ;;
    py37) pip=24.0 ;;
    py312) pip=26.3 ;;
    *) echo "lock.sh: '$1' is none of py37, py36, py312" >&2; exit 2 ;;
esac
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
"$2" -m venv "$empty"
"$empty/bin/python" -m pip install --quiet "pip==$pip"
if [ "$1" = py312 ]; then
    # On Linux x86-64, tensorflow-cpu is the same without GPU kernels.
    version=$(sed -n 's/^tensorflow==//p' "$here/$1.in")
    echo "tensorflow==$version ; sys_platform != 'linux' or platform_machine != 'x86_64'" > "$empty/override.txt"
    { cat "$here/$1.in"
      echo "tensorflow-cpu==$version ; sys_platform == 'linux' and platform_machine == 'x86_64'"
    } > "$empty/$1.in"
    "$empty/bin/python" -m pip install --quiet uv==0.13.9
    "$empty/bin/uv" pip compile --quiet --universal --python-version 3.10 --no-annotate --no-header --no-config \
        --override "$empty/override.txt" --output-file "$here/$1.lock.new" "$empty/$1.in"
else
    "$empty/bin/python" -m pip install --quiet -r "$here/$1.in"
    "$empty/bin/python" -m pip freeze --all | grep -v '^pip==' | sort -f > "$here/$1.lock.new"
fi
mv "$here/$1.lock.new" "$here/$1.lock"
