import { schemaFaults } from './narrowed-schema.js';
import { operationsOf, successesOf } from './document-operations.js';
import type { Document, Parameter, PlacedOperation } from './document-operations.js';

/** What a client of the released document could trip over in the current one; empty when every such client still works. */
export function breakingChanges(released: Document, current: Document): string[] {
  const now = new Map(operationsOf(current).map((operation) => [operation.name, operation]));
  return operationsOf(released).flatMap((before) => {
    const after = now.get(before.name);
    if (!after) return [`${before.name}: removed`];
    const faults = [
      ...scopeFaults(before, after),
      ...parameterFaults(before, after, { released, current }),
      ...bodyFaults(before, after, { released, current }),
      ...answerFaults(before, after, { released, current }),
    ];
    return faults.map((fault) => `${before.name}: ${fault}`);
  });
}

interface Documents {
  released: Document;
  current: Document;
}

function scopeFaults(before: PlacedOperation, after: PlacedOperation): string[] {
  const scopesOf = ({ security }: PlacedOperation) => JSON.stringify(security ?? []);
  return scopesOf(before) === scopesOf(after) ? [] : [`asks for ${scopesOf(after)} in place of ${scopesOf(before)}`];
}

function parameterFaults(before: PlacedOperation, after: PlacedOperation, { released, current }: Documents): string[] {
  const [known, now] = [byName(before), byName(after)];
  const added = [...now].filter(([name, { required }]) => required && !known.has(name));
  const kept = [...known].flatMap(([name, parameter]) => {
    const other = now.get(name);
    if (!other) return [`parameter ${name} removed`];
    if (other.required && !parameter.required) return [`parameter ${name} is required now`];
    const sides = [
      { schema: parameter.schema ?? {}, document: released },
      { schema: other.schema ?? {}, document: current },
    ] as const;
    return schemaFaults(...sides, 'taken', name);
  });
  return [...added.map(([name]) => `new parameter ${name} is required`), ...kept];
}

const byName = ({ parameters = [] }: PlacedOperation): Map<string, Parameter> =>
  new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]));

function bodyFaults(before: PlacedOperation, after: PlacedOperation, { released, current }: Documents): string[] {
  const now = after.requestBody;
  if (!before.requestBody) return now?.required ? ['a body is required now'] : [];
  return Object.entries(before.requestBody.content).flatMap(([type, { schema }]) => {
    const other = now?.content[type];
    if (!other) return [`takes no ${type} any more`];
    const sides = [
      { schema: schema ?? {}, document: released },
      { schema: other.schema ?? {}, document: current },
    ] as const;
    return schemaFaults(...sides, 'taken', 'body');
  });
}

function answerFaults(before: PlacedOperation, after: PlacedOperation, { released, current }: Documents): string[] {
  return successesOf(before).flatMap((status) => {
    const now = after.responses[status];
    if (!now) return [`does not answer ${status} any more`];
    return Object.entries(before.responses[status]!.content ?? {}).flatMap(([type, { schema }]) => {
      const other = now.content?.[type];
      if (!other) return [`answers no ${type} any more`];
      // What is given now must fit what was promised: the current schema is the narrower one.
      const sides = [
        { schema: other.schema ?? {}, document: current },
        { schema: schema ?? {}, document: released },
      ] as const;
      return schemaFaults(...sides, 'given', status);
    });
  });
}
