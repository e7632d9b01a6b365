// As they are written at the end of a name, without dots. Names of companies differ in these more often than in anything else.
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  (
    'ltd limited plc llc llp lp inc incorporated corp corporation co company gmbh mbh ag kg kgaa ug ohg gbr ev eg se ' +
    'sa sas sasu sarl eurl snc srl spa sl slu bv nv vof cv ab hb as asa aps oy oyj kk pty pte pvt bhd sdn sro zrt kft doo'
  ).split(' '),
);
const JOINING = 'and';
// Letters that Unicode does not take apart into a base and an accent.
const BASE_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/**
 * A name as it is compared: lower case, without accents, punctuation and the legal form at its end. "Müller & Söhne GmbH & Co. KG" and
 * "MULLER AND SOHNE" are one name. What is nothing but a legal form stays; a name without letters and digits is "".
 */
export function normalisedName(name: string): string {
  const words = plainWords(name);
  return withoutLegalForm(words).join(' ');
}

function plainWords(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßøæœłđðþı]/g, (letter) => BASE_LETTERS[letter]!)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[.'’`]/g, '')
    .replace(/[&+]/g, ` ${JOINING} `);
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

function withoutLegalForm(words: readonly string[]): readonly string[] {
  let end = words.length;
  while (end > 1 && (LEGAL_FORMS.has(words[end - 1]!) || (end < words.length && words[end - 1] === JOINING))) end -= 1;
  return words.slice(0, end);
}
