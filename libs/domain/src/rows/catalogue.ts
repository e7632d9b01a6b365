import type { CatalogueRow, PlainDate } from '@trueup/contracts';

/** A catalogue row with the service, application, resource or pseudo service (`@user`, …) that it prices. */
export interface CatalogueEntry extends CatalogueRow {
  serviceCode: string;
}

/** Finds the rows of a code; services, applications and resources share one code space. */
export class Catalogue {
  private readonly byCode = new Map<string, CatalogueEntry[]>();

  /** Rows in any order; of two for one plan and day the later in the list wins. */
  constructor(entries: readonly CatalogueEntry[]) {
    for (const entry of entries) {
      const known = this.byCode.get(entry.serviceCode);
      if (known === undefined) this.byCode.set(entry.serviceCode, [entry]);
      else known.push(entry);
    }
  }

  /** Whether any row, in force or not, prices a code. */
  prices(code: string): boolean {
    return this.byCode.has(code);
  }

  /** The row in force on a day: one of the plan before one of the whole service, then the newest. */
  rowOn(code: string, planCode: string, date: PlainDate): CatalogueEntry | undefined {
    const rows = (this.byCode.get(code) ?? []).filter((row) => row.validFrom <= date);
    const ofPlan = rows.filter((row) => row.planCode !== null && row.planCode === planCode);
    return newest(ofPlan.length > 0 ? ofPlan : rows.filter((row) => row.planCode === null));
  }

  /** The days on which another row may come into force for a code and plan, ascending, none after `today`. */
  boundaries(code: string, planCode: string, today: PlainDate): PlainDate[] {
    const rows = (this.byCode.get(code) ?? []).filter(
      (row) => row.validFrom <= today && (row.planCode === null || row.planCode === planCode),
    );
    return [...new Set(rows.map((row) => row.validFrom))].sort();
  }
}

function newest(rows: readonly CatalogueEntry[]): CatalogueEntry | undefined {
  return rows.reduce<CatalogueEntry | undefined>(
    (best, row) => (best !== undefined && best.validFrom > row.validFrom ? best : row),
    undefined,
  );
}
