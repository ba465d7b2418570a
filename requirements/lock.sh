#!/usr/bin/env bash
# Makes a lock file anew: installs requirements/NAME.in into an empty environment and lists every installed package.
#   bash requirements/lock.sh py37 /path/to/python3.7      bash requirements/lock.sh py36 /path/to/python3.6
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: bash requirements/lock.sh py37|py36 PYTHON" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
case $1 in py37) pip=24.0 ;; py36) pip=21.3.1 ;; *) echo "lock.sh: '$1' is neither py37 nor py36" >&2; exit 2 ;; esac
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
"$2" -m venv "$empty"
"$empty/bin/python" -m pip install --quiet "pip==$pip"
"$empty/bin/python" -m pip install --quiet -r "$here/$1.in"
"$empty/bin/python" -m pip freeze --all | grep -v '^pip==' | sort -f > "$here/$1.lock.new"
mv "$here/$1.lock.new" "$here/$1.lock"
