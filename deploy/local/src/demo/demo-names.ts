import type { SeededNumbers } from './seeded-numbers.js';

const first = [
  ...['Ada', 'Aroha', 'Ben', 'Bree', 'Caleb', 'Cleo', 'Dan', 'Dina', 'Eli', 'Eva', 'Finn', 'Freya', 'Gia', 'Gus', 'Hana', 'Hugo'],
  ...[
    'Ines',
    'Ivan',
    'Jade',
    'Jon',
    'Kahu',
    'Kate',
    'Leo',
    'Lucy',
    'Mai',
    'Mark',
    'Nina',
    'Noah',
    'Olive',
    'Omar',
    'Petra',
    'Piri',
  ],
  ...['Quinn', 'Rosa', 'Ruby', 'Sam', 'Sione', 'Tama', 'Tess', 'Uma', 'Vera', 'Wade', 'Xanthe', 'Yara', 'Zac', 'Zoe'],
];
const last = [
  ...[
    'Archer',
    'Brook',
    'Castle',
    'Dale',
    'Ellis',
    'Frost',
    'Grey',
    'Hale',
    'Irwin',
    'Judd',
    'Kemp',
    'Lowe',
    'Marsh',
    'Nash',
    'Ormond',
  ],
  ...[
    'Parata',
    'Quill',
    'Rowe',
    'Stone',
    'Tane',
    'Upton',
    'Vance',
    'Ward',
    'Xu',
    'Yates',
    'Zeller',
    'Ngata',
    'Heke',
    'Lim',
    'Patel',
  ],
];

/** A person's name and code; codes that `isTaken` knows get a number. */
export function demoName(numbers: SeededNumbers, isTaken: (code: string) => boolean): { code: string; name: string } {
  const name = `${numbers.pick(first)} ${numbers.pick(last)}`;
  const plain = name.toLowerCase().replace(' ', '.');
  let code = plain;
  for (let n = 2; isTaken(code); n += 1) code = `${plain}${n}`;
  return { code, name };
}

/** Another family name, as after a wedding. */
export function newFamilyName(name: string, numbers: SeededNumbers): string {
  return `${name.split(' ')[0]} ${numbers.pick(last.filter((one) => !name.endsWith(one)))}`;
}
