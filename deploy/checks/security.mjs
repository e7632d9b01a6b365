// docs/security.md answers every requirement of ASVS 5.0.0, levels 1 and 2, exactly once, and every file that it names exists.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const KINDS = ['tested', 'by construction', 'documented', 'operator', 'not applicable', 'missing'];
// Section by section the numbers of the requirements of levels 1 and 2.
const WANTED = {
  1.1: [1, 2],
  1.2: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  1.3: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  1.4: [1, 2, 3],
  1.5: [1, 2],
  2.1: [1, 2, 3],
  2.2: [1, 2, 3],
  2.3: [1, 2, 3, 4],
  2.4: [1],
  3.2: [1, 2],
  3.3: [1, 2, 3, 4],
  3.4: [1, 2, 3, 4, 5, 6],
  3.5: [1, 2, 3, 4, 5],
  3.7: [1, 2],
  4.1: [1, 2, 3],
  4.2: [1],
  4.3: [1, 2],
  4.4: [1, 2, 3, 4],
  5.1: [1],
  5.2: [1, 2, 3],
  5.3: [1, 2],
  5.4: [1, 2, 3],
  6.1: [1, 2, 3],
  6.2: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  6.3: [1, 2, 3, 4],
  6.4: [1, 2, 3, 4],
  6.5: [1, 2, 3, 4, 5],
  6.6: [1, 2, 3],
  6.8: [1, 2, 3, 4],
  7.1: [1, 2, 3],
  7.2: [1, 2, 3, 4],
  7.3: [1, 2],
  7.4: [1, 2, 3, 4, 5],
  7.5: [1, 2],
  7.6: [1, 2],
  8.1: [1, 2],
  8.2: [1, 2, 3],
  8.3: [1],
  8.4: [1],
  9.1: [1, 2, 3],
  9.2: [1, 2, 3, 4],
  10.1: [1, 2],
  10.2: [1, 2],
  10.3: [1, 2, 3, 4],
  10.4: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  10.5: [1, 2, 3, 4, 5],
  10.6: [1, 2],
  10.7: [1, 2, 3],
  11.1: [1, 2],
  11.2: [1, 2, 3],
  11.3: [1, 2, 3],
  11.4: [1, 2, 3, 4],
  11.5: [1],
  11.6: [1],
  12.1: [1, 2, 3],
  12.2: [1, 2],
  12.3: [1, 2, 3, 4],
  13.1: [1],
  13.2: [1, 2, 3, 4, 5],
  13.3: [1, 2],
  13.4: [1, 2, 3, 4, 5],
  14.1: [1, 2],
  14.2: [1, 2, 3, 4],
  14.3: [1, 2, 3],
  15.1: [1, 2, 3],
  15.2: [1, 2, 3],
  15.3: [1, 2, 3, 4, 5, 6, 7],
  16.1: [1],
  16.2: [1, 2, 3, 4, 5],
  16.3: [1, 2, 3, 4],
  16.4: [1, 2, 3],
  16.5: [1, 2, 3],
  17.1: [1],
  17.2: [1, 2, 3, 4],
  17.3: [1, 2],
};

/** What is wrong with the page, given which files there are. */
export function faultsOf(page, wanted, isThere) {
  const lines = [...page.matchAll(/^\| (\d+\.\d+\.\d+) +\| (.*?) +\| (.*?) +\|$/gm)].map(([, number, about, answer]) => ({
    number,
    about,
    answer,
  }));
  const numbers = Object.entries(wanted).flatMap(([section, last]) => last.map((one) => `${section}.${one}`));
  const given = new Map(numbers.map((number) => [number, lines.filter((line) => line.number === number).length]));
  return [
    ...[...given].filter(([, count]) => count !== 1).map(([number, count]) => `${number}: answered ${count} times`),
    ...lines.filter(({ number }) => !given.has(number)).map(({ number }) => `${number}: is no requirement of level 1 or 2`),
    ...lines.flatMap(({ number, answer }) => answerFaults(answer, isThere).map((fault) => `${number}: ${fault}`)),
  ];
}

function answerFaults(answer, isThere) {
  const kind = KINDS.find((one) => answer.startsWith(`${one}: `));
  if (kind === undefined) return [`begins with none of ${KINDS.join(', ')}`];
  const files = [...answer.matchAll(/\]\(([^)#]+)/g)].map((match) => match[1]);
  const specs = files.filter((file) => file.endsWith('spec.ts'));
  return [
    ...files.filter((file) => !isThere(file)).map((file) => `${file} does not exist`),
    ...(kind === 'tested' && specs.length === 0 ? ['names no test'] : []),
    ...(kind !== 'tested' && answer.length < kind.length + 10 ? ['gives no reason'] : []),
  ];
}

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const faults = faultsOf(page, WANTED, (file) => existsSync(join(root, 'docs', file)));
// A check that finds nothing must be able to find something.
const canary = '| 1.1.1 | a | tested: [x](../no.spec.ts) |\n| 1.1.1 | a | tested: nothing |\n| 9.9.9 | a | perhaps |';
if (faultsOf(canary, { 1.1: [1, 2] }, () => false).length !== 6) faults.push('the canary was not refused');
for (const fault of faults) console.error(fault);
const total = Object.values(WANTED).flat().length;
if (faults.length === 0) console.log(`docs/security.md answers all ${total} requirements, canary refused`);
process.exit(faults.length === 0 ? 0 : 1);
