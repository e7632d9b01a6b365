import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { XLSX_MEDIA_TYPE } from './send-xlsx.js';

/** States the sentence of a route that answers an Excel workbook. */
export function AnswersXlsx(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiProduces(XLSX_MEDIA_TYPE),
    ApiResponse({
      status: 200,
      description: summary,
      content: { [XLSX_MEDIA_TYPE]: { schema: { type: 'string', format: 'binary' } } },
    }),
  );
}
