import { Controller, Get } from '@nestjs/common';
import { ingestLimits } from './ingest-limits.js';

/** Publishes what a request may carry. */
@Controller('v1/ingest')
export class LimitsController {
  @Get()
  limits(): typeof ingestLimits {
    return ingestLimits;
  }
}
