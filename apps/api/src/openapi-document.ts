import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_CODES } from '@trueup/contracts';
import { z } from 'zod';
import { withExamples } from './examples/with-examples.js';

const problemShape = z.object({
  type: z.string(),
  code: z.enum(PROBLEM_CODES),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional().meta({ description: 'What happened and what to do about it' }),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

const description = `Everything that a person or a program reads or sets. Lists are pages: follow nextCursor.
Errors are problems (RFC 9457) with a code, a remedy in detail, and the requestId. Codes in addresses are percent-encoded.`;

/** The OpenAPI 3.1 document of all routes. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Trueup API')
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'A token of POST /v1/tokens; operations list the scope they need' },
      'bearer',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The service token of a connector' }, 'service')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: (schema, { schemaType }) => converted(schema as unknown as z.ZodType, schemaType),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  return withExamples(withProblems(document));
}

/** Our schemas as JSON Schema 2020-12, which OpenAPI 3.1 speaks; named ones become components. */
function converted(schema: z.ZodType, io: 'input' | 'output') {
  const {
    $schema: _dialect,
    $defs = {},
    ...rest
  } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  const components = Object.entries($defs).map(([name, { id: _id, ...definition }]) => [name, definition]);
  return { schema: rest as never, components: Object.fromEntries(components) as never };
}

/** Every refusal has the same shape. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const { schema } = converted(problemShape, 'output');
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item) as { responses: Record<string, object> }[]) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (status.startsWith('4')) Object.assign(response, { content });
      }
      operation.responses['default'] = { description: 'Any other refusal', content };
    }
  }
  return { ...document, components: { ...document.components, schemas: { ...document.components?.schemas, Problem: schema } } };
}
