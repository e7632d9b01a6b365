import { createRequire } from 'node:module';

/** An OpenAPI document as far as the specs read it. */
export interface Document {
  openapi: string;
  paths: Record<string, Record<string, DocumentOperation>>;
  components: { schemas: Record<string, JsonSchema> };
}

export interface JsonSchema {
  $ref?: string;
  example?: unknown;
  [keyword: string]: unknown;
}

interface Media {
  schema?: JsonSchema;
  example?: unknown;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: JsonSchema;
  example?: string;
}

export interface DocumentOperation {
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
}

/** One operation with its place. */
export interface PlacedOperation extends DocumentOperation {
  name: string;
  method: string;
  path: string;
}

/** A committed document: `openapi.json`, or that of the last release. */
export function readDocument(name: string): Document {
  return createRequire(import.meta.url)(`../../../docs/${name}`) as Document;
}

/** All operations in the order of the document. */
export function operationsOf({ paths }: Document): PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const upper = method.toUpperCase();
      return { ...operation, name: `${upper} ${path}`, method: upper, path };
    }),
  );
}

/** The statuses with which an operation succeeds. */
export function successesOf({ responses }: DocumentOperation): string[] {
  return Object.keys(responses).filter((status) => status.startsWith('2'));
}
