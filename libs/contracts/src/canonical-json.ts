/**
 * JSON text in the canonical form of RFC 8785: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them.
 * `undefined` members are left out. Equal values give equal text.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? ofList(value) : ofObject(value as Readonly<Record<string, unknown>>);
}

// Texts are joined as they come: every event and every row goes through here.
function ofList(list: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < list.length; index++) text += (index > 0 ? ',' : '') + canonicalJson(list[index]);
  return `${text}]`;
}

function ofObject(object: Readonly<Record<string, unknown>>): string {
  let text = '';
  // Without a comparison of its own, sort goes by UTF-16 code units.
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
