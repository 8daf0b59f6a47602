#!/usr/bin/env bash
# Checks what the example synthesizes: templates that CloudFormation accepts, facts that must hold in every assembly,
# tools of the builds that read the assembly, the same bytes from the same sources, and a pipeline that a change of code
# leaves alone. It also runs the bundle of the gate in front of moto, which speaks the protocols of AWS.
# Needs Node.js, the npm registry, and Python 3 with venv; everything else it gets by itself.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
moto=
end() {
  if [ -n "$moto" ]; then kill "$moto" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap end EXIT

say() { printf '\n== %s\n' "$*"; }

# synth <folder of the sources> <folder of the assembly>
synth() (cd "$1" && npx --no-install cdk synth --quiet --no-notices --output "$2")

say 'Synthesize'
rm -rf cdk.out
synth . cdk.out

say 'Facts of the assembly'
npx --no-install tsx test/conformance/facts.ts cdk.out

say 'The tools of the builds read the assembly'
mkdir "$work/tools"
npx --no-install tsx test/conformance/tools.ts cdk.out "$work/tools"

say 'The same sources in another folder'
mkdir "$work/copy"
git ls-files --cached --others --exclude-standard -z |
  while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --create --null --files-from=- | tar --extract --directory "$work/copy"
ln -s "$PWD/node_modules" "$work/copy/node_modules"
synth "$work/copy" "$work/elsewhere"
# CDK writes into its metadata, for debugging, from which line of which file a resource comes: with the folder.
diff --recursive --brief --exclude='*.metadata.json' cdk.out "$work/elsewhere"
echo 'Every file but the metadata is the same.'

say 'The same sources in the same folder'
synth "$work/copy" "$work/again"
diff --recursive --brief "$work/elsewhere" "$work/again"
echo 'Every file is the same.'

say 'Another code of the service'
echo "export const changed = 'another code of the service';" >>"$work/copy/bin/orders/handlers/http.ts"
synth "$work/copy" "$work/changed"
npx --no-install tsx test/conformance/code-change.ts "$work/again" "$work/changed"

say 'Python packages'
if ! cmp --silent test/conformance/requirements.txt .venv/installed.txt; then
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --requirement test/conformance/requirements.txt
  cp test/conformance/requirements.txt .venv/installed.txt
fi
echo "$(grep --count == test/conformance/requirements.txt) packages"

say 'cfn-lint'
npx --no-install tsx test/conformance/templates.ts cdk.out >"$work/templates"
failed=0
while read -r region templates; do
  echo "$region: $(wc -w <<<"$templates") templates"
  # shellcheck disable=SC2086 # paths of templates have no spaces
  .venv/bin/cfn-lint --config-file test/conformance/cfnlintrc.yml --regions "$region" --template $templates || failed=1
done <"$work/templates"

say 'The gate in front of moto'
npm run --silent bundle
port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
# Its credentials are not checked, and it looks for none of its own.
.venv/bin/moto_server --host 127.0.0.1 --port "$port" >"$work/moto.log" 2>&1 &
moto=$!
if ! npx --no-install tsx test/conformance/gate.ts "$port"; then
  tail -n 20 "$work/moto.log"
  failed=1
fi
exit "$failed"
