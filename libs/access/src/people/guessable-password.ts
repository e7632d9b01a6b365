/** Words that everybody tries, in the products and languages around us. Of a password that is little more than one of them nothing is left to guess. */
const WORDS = [
  ...['trueup', 'autotask', 'connectwise', 'datto', 'kaseya', 'halo', 'psa', 'msp', 'billing', 'agreement', 'provider'],
  ...['password', 'passwort', 'passw0rd', 'p@ssw0rd', 'p@ssword', 'kennwort', 'wachtwoord', 'motdepasse', 'contrasena', 'secret'],
  ...[
    'welcome',
    'willkommen',
    'letmein',
    'iloveyou',
    'changeme',
    'default',
    'administrator',
    'admin',
    'operator',
    'finance',
    'login',
  ],
  ...[
    'qwertyuiop',
    'qwertzuiop',
    'azertyuiop',
    'asdfghjkl',
    'qwerty',
    'qwertz',
    'azerty',
    'asdfgh',
    'zxcvbnm',
    'yxcvbnm',
    '1q2w3e4r5t',
  ],
  ...['monday', 'summer', 'winter', 'spring', 'autumn', 'sommer', 'january', 'december', 'superman', 'football', 'baseball'],
  ...['sunshine', 'princess', 'dragon', 'monkey', 'master', 'shadow', 'computer', 'internet', 'microsoft', 'google'],
].toSorted((a, b) => b.length - a.length);
const FEWEST_LETTERS = 5;
const FEWEST_LEFT = 6;

/**
 * Whether a password is one of the first that anybody tries: few letters repeated, a sequence, or little more than a well-known word
 * with digits and signs around it. Long is what makes a password strong, so nothing is asked of its letters otherwise.
 */
export function isGuessable(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  if (new Set(text).size < FEWEST_LETTERS || isSequence(text)) return true;
  const left = WORDS.reduce((rest, word) => rest.replaceAll(word, ''), text);
  return left !== text && left.replaceAll(/[^\p{L}]/gu, '').length < FEWEST_LEFT;
}

/** Whether most letters only follow the one before them, as in abcdef and 987654. */
function isSequence(text: string): boolean {
  const steps = [...text].slice(1).map((letter, index) => letter.codePointAt(0)! - [...text][index]!.codePointAt(0)!);
  return steps.filter((step) => Math.abs(step) <= 1).length > steps.length * 0.7;
}
