// What a spreadsheet takes for the beginning of a formula or command, full-width forms too.
const DANGEROUS = /^[=+\-@\t\r\n＝＋－＠]/;

/** Text that a spreadsheet shows instead of running: an apostrophe goes before what would begin a formula. */
export function guardFormula(text: string): string {
  return DANGEROUS.test(text) ? `'${text}` : text;
}

/** Takes our own guard off again. */
export function stripFormulaGuard(text: string): string {
  return text.startsWith("'") && DANGEROUS.test(text.slice(1)) ? text.slice(1) : text;
}
