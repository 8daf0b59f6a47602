#!/usr/bin/env bash
# Acts as a new user: packs this package, installs the tarball into an empty TypeScript project, writes a service with
# three functions there, and synthesizes its pipeline. Needs the npm registry. Run it with: npm run test:package
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs a command quietly; shows its output when it fails.
quietly() {
  if ! "$@" > "$work/log" 2>&1; then
    cat "$work/log" >&2
    echo "test:package: failed: $*" >&2
    exit 1
  fi
}

# The versions that this repository itself is tested with.
version() {
  node -p "const v = require('$root/package.json').devDependencies['$1']; if (!v) throw new Error('no $1'); '$1@' + v"
}

cd "$root"
quietly npm pack --pack-destination "$work"
tarballs=("$work"/*.tgz)

# Writes the user's project into the present folder.
write_project() {
  (cd "$root/test/package/project" && find . -type f -print0) | while IFS= read -r -d '' file; do
    mkdir -p "$(dirname "$file")"
    cp "$root/test/package/project/$file" "${file%.template}"
  done
}

mkdir "$work/project"
cd "$work/project"
write_project
quietly npm install --no-audit --no-fund --prefer-offline --save-exact "${tarballs[0]}" \
  "$(version aws-cdk-lib)" "$(version constructs)" \
  "$(version aws-cdk)" "$(version typescript)" "$(version tsx)" "$(version @types/node)"

# Peers that are missing or do not fit.
quietly npm ls --all
# Type-checks the declarations of the package, too.
quietly npx tsc --noEmit
# The templates are validated: that is the default of App.
quietly npx cdk synth --quiet --no-notices --ci --output cdk.out
cp "$work/log" synth.log
node "$root/test/package/check.mjs" cdk.out synth.log

# The command-line tool, by the name under which npm has installed it, without the sources or any further package.
quietly npx --no-install microservice-deployment-pipeline rollback --help
ends() {
  local expected=$1 words=$2 status=0
  shift 2
  AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none \
    npx --no-install microservice-deployment-pipeline "$@" > "$work/log" 2>&1 || status=$?
  if [ "$status" -ne "$expected" ] || ! grep -q "$words" "$work/log"; then
    cat "$work/log" >&2
    echo "test:package: microservice-deployment-pipeline $*: ended with $status instead of $expected, or without '$words'" >&2
    exit 1
  fi
}
ends 2 'required option' rollback --yes
printf '2026-03-10T10:00:00Z,2026-03-10T10:12:00Z\n' > outages.csv
ends 0 '"to": "2026-07-01T00:00:00.000Z"' backtest --history outages.csv --objective 99.99 --policy carry-over --json
ends 1 'The regions of parcels could not be read' rollback --service parcels --region us-east-1 --yes
echo 'test:package: the installed command-line tool runs'

# The same with the very lines of the README's section Install: the newest versions that these allow.
mkdir "$work/readme"
cd "$work/readme"
write_project
installs=$(sed -n '/^## Install$/,/^## /s/^npm install //p' "$root/README.md")
[ "$(wc -l <<<"$installs")" -eq 2 ] || { echo 'test:package: the README has not two lines that install' >&2; exit 1; }
while read -r line; do
  # shellcheck disable=SC2086 # the packages of a line are words
  quietly npm install --no-audit --no-fund ${line/microservice-deployment-pipeline/${tarballs[0]}}
done <<<"$installs"
quietly npx --no-install cdk synth --quiet --no-notices --ci --output cdk.out
cp "$work/log" synth.log
node "$root/test/package/check.mjs" cdk.out synth.log
echo 'test:package: the install lines of the README work'
