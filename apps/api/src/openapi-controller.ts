import { Controller, Get, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsPublic } from './http/needs-scope.js';

/** Holds the document of the running app; filled once all routes are known. */
export class OpenApiHolder {
  document: unknown;
}

@ApiExcludeController()
@Controller('v1/openapi.json')
export class OpenApiController {
  constructor(@Inject(OpenApiHolder) private readonly holder: OpenApiHolder) {}

  @Get()
  @IsPublic()
  get(): unknown {
    return this.holder.document;
  }
}
