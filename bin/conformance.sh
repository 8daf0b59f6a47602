#!/usr/bin/env bash
# Checks what the example synthesizes: templates that CloudFormation accepts, facts that must hold in every assembly,
# the same bytes from the same sources, and a pipeline that a change of code leaves alone.
# Needs Node.js and Python 3 with venv; everything else it gets by itself.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }

# synth <folder of the sources> <folder of the assembly>
synth() (cd "$1" && npx --no-install cdk synth --quiet --no-notices --output "$2")

say 'Synthesize'
rm -rf cdk.out
synth . cdk.out

say 'Facts of the assembly'
npx --no-install tsx bin/conformance/facts.ts cdk.out

say 'The same sources once more'
synth . "$work/again"
diff --recursive --brief cdk.out "$work/again"
echo 'Every file is the same.'

say 'Another code of the service'
# In a copy, of what is or could be committed: a change of the working tree could be forgotten there.
mkdir "$work/changed"
git ls-files --cached --others --exclude-standard -z |
  while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --create --null --files-from=- | tar --extract --directory "$work/changed"
ln -s "$PWD/node_modules" "$work/changed/node_modules"
echo "export const changed = 'another code of the service';" >>"$work/changed/bin/orders/handlers/http.ts"
synth "$work/changed" "$work/changed/cdk.out"
npx --no-install tsx bin/conformance/code-change.ts cdk.out "$work/changed/cdk.out"

say 'cfn-lint'
if ! cmp --silent bin/conformance/requirements.txt .venv/installed.txt; then
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --requirement bin/conformance/requirements.txt
  cp bin/conformance/requirements.txt .venv/installed.txt
fi
npx --no-install tsx bin/conformance/templates.ts cdk.out >"$work/templates"
failed=0
while read -r region templates; do
  echo "$region: $(wc -w <<<"$templates") templates"
  # shellcheck disable=SC2086 # paths of templates have no spaces
  .venv/bin/cfn-lint --config-file bin/conformance/cfnlintrc.yml --regions "$region" --template $templates || failed=1
done <"$work/templates"
exit "$failed"
