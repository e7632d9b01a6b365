/** Counts what a parsed JSON value holds, in one cheap walk that goes no deeper than `maxDepth`. */
export class JsonMeasure {
  /** Names of members and texts: everything that stands in quotes. */
  quoted = 0;
  /** UTF-16 code units of all names and texts. */
  characters = 0;
  /** Members and elements of every kind. */
  parts = 0;
  isTooDeep = false;

  constructor(private readonly maxDepth: number) {}

  /** Adds a value; an object or array at the top has depth 1. */
  add(value: unknown, depth = 1): void {
    this.parts += 1;
    if (typeof value === 'string') this.addText(value);
    else if (typeof value === 'object' && value !== null) this.addMembers(value as Record<string, unknown>, depth);
  }

  private addMembers(value: Record<string, unknown>, depth: number): void {
    if (depth > this.maxDepth) this.isTooDeep = true;
    else if (Array.isArray(value)) for (const element of value) this.add(element, depth + 1);
    else
      for (const name in value) {
        this.addText(name);
        this.add(value[name], depth + 1);
      }
  }

  private addText(text: string): void {
    this.quoted += 1;
    this.characters += text.length;
  }
}
