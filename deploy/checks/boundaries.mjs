// Which room may import what (docs/adr/0002): one layer per project, read from its package.json, checked on every change.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const NODE = 'node:';
const any = () => true;
const oneOf = (names) => (specifier) => names.includes(packageOf(specifier));
const notNest = (specifier) => !packageOf(specifier).startsWith('@nestjs/');

/** Per layer: the layers of ours that it may import, and which packages and Node built-ins. */
const LAYERS = {
  contracts: { ours: [], packages: oneOf(['zod']), builtins: oneOf(['node:crypto', 'node:fs', 'node:path']) },
  domain: { ours: ['contracts'], packages: oneOf(['decimal.js', 'luxon']), builtins: () => false, isPure: true },
  platform: { ours: ['contracts'], packages: any, builtins: any },
  store: { ours: ['contracts', 'domain', 'persistence'], packages: oneOf(['typeorm', 'zod', 'decimal.js']), builtins: any },
  sdk: { ours: ['contracts', 'kafka', 'persistence', 'service'], packages: any, builtins: any },
  connector: { ours: ['connector-sdk'], packages: () => false, builtins: () => false, isPure: true },
  app: {
    ours: ['contracts', 'domain', 'kafka', 'persistence', 'service', 'billing', 'control', 'access'],
    packages: (specifier) => specifier !== 'kafkajs',
    builtins: any,
  },
  testing: { ours: any, packages: any, builtins: any },
};
const FORBIDDEN_WHERE_PURE = /(?<![\w.$'"`/-])(fetch|process|console|setTimeout|setInterval|setImmediate)\s*[.(]/;
const WALL_CLOCK = /\bDate\.now\(|\bnew Date\(\s*\)|(?:(?<![.\w])now\(\)|current_timestamp|clock_timestamp\(\))(?=[^'"]*`)/i;
// The broker's library times its own sends and retries; nothing there is a business instant.
const MAY_READ_WALL_CLOCK = [
  'libs/service/src/clock.ts',
  'libs/kafka/',
  'deploy/',
  'bench/',
  'libs/testing/',
  'apps/e2e/',
  'apps/faults/',
];

export function faultsIn(file, source, layer) {
  const rules = LAYERS[layer];
  if (rules === undefined) return [`${file}: unknown layer "${layer}"`];
  const isSpec = /\.((int-)?spec|arbitrary|model|fixture|behaviour|twin)\.ts$/.test(file);
  const faults = isSpec
    ? []
    : importsIn(source)
        .filter((specifier) => !mayImport(rules, specifier))
        .map((s) => `${file}: ${layer} may not import ${s}`);
  const code = withoutComments(source);
  if (!isSpec && rules.isPure && FORBIDDEN_WHERE_PURE.test(code)) {
    faults.push(`${file}: ${layer} may not use ${FORBIDDEN_WHERE_PURE.exec(code)[1]}`);
  }
  if (!isSpec && layer !== 'testing' && !MAY_READ_WALL_CLOCK.some((place) => file.startsWith(place)) && WALL_CLOCK.test(code)) {
    faults.push(`${file}: reads the wall clock; take the time from the one clock in libs/service`);
  }
  return faults;
}

function mayImport(rules, specifier) {
  if (specifier.startsWith('.')) return !specifier.includes('/libs/') && !specifier.includes('/apps/');
  if (specifier.startsWith(NODE)) return rules.builtins(specifier);
  if (specifier.startsWith('@trueup/'))
    return rules.ours === any || rules.ours.includes(packageOf(specifier).slice('@trueup/'.length));
  return rules.packages(specifier) && (rules.ours === any || notNest(specifier) || rules !== LAYERS.store);
}

// Statements only: SQL in a template string says "from" too.
function importsIn(source) {
  const statements = source.matchAll(/^(?:(?:import|export)\s(?:[^'"`;()=]*\sfrom\s*)?|\}\s*from\s*)['"]([^'"\n]+)['"]/gm);
  const calls = source.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]/g);
  return [...statements, ...calls].map((match) => match[1]);
}

function packageOf(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function withoutComments(source) {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

export function checkTree(root) {
  const faults = [];
  for (const folder of [...rooms(root, 'apps'), ...rooms(root, 'libs'), 'deploy/local']) {
    const { nx } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const layer = nx.tags.find((tag) => tag.startsWith('layer:'))?.slice('layer:'.length);
    for (const file of sourcesUnder(join(root, folder, 'src'))) {
      faults.push(...faultsIn(relative(root, file), readFileSync(file, 'utf8'), layer));
    }
  }
  return faults;
}

/** A forbidden import that the check must refuse: proof that it is alive. */
export function canaryIsCaught() {
  const canaries = [
    ['libs/domain/src/canary.ts', "import { readFileSync } from 'node:fs';", 'domain'],
    ['libs/domain/src/canary.ts', "import { LogPublisher } from '@trueup/kafka';", 'domain'],
    ['libs/contracts/src/canary.ts', "import { Decimal } from 'decimal.js';", 'contracts'],
    ['libs/kafka/src/canary.ts', "import { openDatabase } from '@trueup/persistence';", 'platform'],
    ['apps/connector-autotask/src/canary.ts', "const answer = await fetch('https://psa.example');", 'connector'],
    ['apps/connector-autotask/src/canary.ts', "import { clock } from '@trueup/service';", 'connector'],
    ['apps/api/src/canary.ts', "import kafkajs from 'kafkajs';", 'app'],
    ['apps/api/src/canary.ts', 'const at = new Date();', 'app'],
    ['libs/billing/src/canary.ts', "import { ControlQueries } from '@trueup/control';", 'store'],
  ];
  return canaries.every(([file, source, layer]) => faultsIn(file, source, layer).length === 1);
}

function rooms(root, folder) {
  return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
}

function sourcesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const faults = checkTree(process.cwd());
  if (!canaryIsCaught()) faults.push('the boundary check let its canary pass');
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'boundaries hold, canary refused' : `${faults.length} boundary fault(s)`);
  process.exit(faults.length === 0 ? 0 : 1);
}
