import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { type Build, builds } from './builds';

/**
 * Installs the tools that the builds of an assembly install, in the same versions, and runs them on this assembly. A
 * version that is not exact fails, and so does a package with dependencies, since npm chooses their versions.
 */
const INSTALL = /^npm install -g (?<name>[a-z-]+)@(?<version>\d+\.\d+\.\d+\S*)$/;
const PUBLISH = /^cdk-assets --path "(?<manifest>[^"]+)" --verbose publish "(?<asset>[0-9a-f]+):[^"]+"$/;
const DEPLOY = /^cdk -a (?<assembly>\S+) deploy (?<stack>\S+) /;
/** The newest schema whose asset manifests cdk-assets 4.7.3 reads. */
const SCHEMA_54 = '@aws-cdk/cloud-assembly-schema@54.26.0';
const ASSETS_SCHEMA = '@aws-cdk/cloud-assembly-schema/schema/assets.schema.json';

function main(assembly: string, scratch: string): void {
  const all = builds(assembly);
  const updating = theOne(all, 'updates the pipeline', DEPLOY);
  const publishing = theOne(all, 'publishes assets', PUBLISH);
  const others = all.filter((build) => build !== updating && build !== publishing);
  const loose = others
    .flatMap(({ commands }) => commands)
    .filter((command) => /\bnpm install\b|\bnpx (?!--no)/.test(command));
  if (loose.length > 0) {
    throw new Error(`Builds install tools that no lock file pins: ${loose.join('; ')}`);
  }
  readAssembly(updating, assembly, install(updating, scratch));
  readAssets(publishing, assembly, scratch, install(publishing, scratch));
}

/** Checks that the CLI of the pipeline's update reads the stack that it would deploy. */
function readAssembly({ commands }: Build, assembly: string, bin: string): void {
  for (const command of commands.filter((candidate) => DEPLOY.test(candidate))) {
    const { assembly: nested, stack } = groups(DEPLOY, command);
    const listed = run('cdk', ['--app', nested, 'ls', stack, '--no-notices'], assembly, bin);
    if (!listed.split('\n').includes(stack)) {
      throw new Error(`cdk ls ${stack} does not list it, but: ${listed}`);
    }
    console.log(`aws-cdk reads stack ${stack}.`);
  }
}

/** Checks that cdk-assets lists every asset, after the build has changed the manifests. */
function readAssets({ commands }: Build, assembly: string, scratch: string, bin: string): void {
  const copy = path.join(scratch, 'assets');
  cpSync(assembly, copy, { recursive: true });
  const preparing = commands.filter((command) => !INSTALL.test(command) && !PUBLISH.test(command));
  for (const command of preparing) {
    run('sh', ['-c', command], copy, bin);
  }
  const publishing = commands.filter((command) => PUBLISH.test(command)).map((command) => groups(PUBLISH, command));
  for (const { manifest, asset } of publishing) {
    if (!run('cdk-assets', ['--path', manifest, 'ls'], copy, bin).includes(`${asset} `)) {
      throw new Error(`cdk-assets ls does not list ${asset} of ${manifest}`);
    }
  }
  console.log(`cdk-assets lists all ${publishing.length} assets.`);
  if (preparing.length > 0) {
    sameAssetsSchema(scratch);
  }
}

/** Checks that both schemas are equal: only then may manifests be published as those of schema 54. */
function sameAssetsSchema(scratch: string): void {
  npmInstall(SCHEMA_54, scratch);
  const [old, now] = [path.join(scratch, 'node_modules', ASSETS_SCHEMA), require.resolve(ASSETS_SCHEMA)];
  if (!readFileSync(old).equals(readFileSync(now))) {
    throw new Error(`The asset manifests of the installed aws-cdk-lib are not those of ${SCHEMA_54}`);
  }
  console.log('Asset manifests have the schema of their publication.');
}

/** Installs the tool of a build, and returns the folder of its commands. */
function install({ id, commands }: Build, scratch: string): string {
  const [command, ...others] = commands.filter((candidate) => candidate.includes('npm install'));
  if (command === undefined || others.length > 0 || !INSTALL.test(command)) {
    throw new Error(`${id} must install one tool of an exact version, but: ${[command, ...others].join('; ')}`);
  }
  const { name, version } = groups(INSTALL, command);
  const folder = path.join(scratch, name);
  mkdirSync(folder, { recursive: true });
  npmInstall(`${name}@${version}`, folder);
  const lock = JSON.parse(readFileSync(path.join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
  const packages = Object.keys(lock.packages);
  if (packages.length !== 1) {
    throw new Error(`${name}@${version} installs ${packages.length} packages, of which only its own version is pinned`);
  }
  console.log(`${name}@${version} is one package.`);
  return path.join(folder, 'node_modules', '.bin');
}

function npmInstall(specification: string, folder: string): void {
  execFileSync('npm', [
    'install',
    '--silent',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefix',
    folder,
    specification,
  ]);
}

function theOne(all: readonly Build[], what: string, command: RegExp): Build {
  const found = all.filter(({ commands }) => commands.some((candidate) => command.test(candidate)));
  if (found.length !== 1) {
    throw new Error(`One build ${what}, but ${found.length} do`);
  }
  return found[0];
}

const groups = (pattern: RegExp, text: string) => pattern.exec(text)?.groups ?? {};

const run = (command: string, args: readonly string[], cwd: string, bin: string): string =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  });

main(process.argv[2], process.argv[3]);
