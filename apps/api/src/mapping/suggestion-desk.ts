import { Inject, Injectable } from '@nestjs/common';
import { customerNames, skuNames } from '@trueup/billing';
import { findPsaLists, toBeMapped } from '@trueup/control';
import type { ListProgress, PsaLists, ToBeMapped } from '@trueup/control';
import { suggestionsFor } from '@trueup/domain';
import type { Candidate, Suggestion } from '@trueup/domain';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { PsaListDesk } from './psa-list-desk.js';
import type { SuggestionsAnswer } from './suggestion-shapes.js';

const mostShown = 500;

/** Brings together what waits for a mapping and what the PSA has. */
@Injectable()
export class SuggestionDesk {
  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(PsaListDesk) private readonly lists: PsaListDesk,
  ) {}

  async suggest(tenantId: string, connectionId: string, { problem }: ListProgress): Promise<SuggestionsAnswer> {
    const { db } = this.parts;
    const wanted = await toBeMapped(db, tenantId, connectionId);
    const lists = await findPsaLists(db, tenantId, connectionId);
    const customers = await this.#customers(tenantId, wanted, lists);
    const products = await this.#products(tenantId, wanted, lists);
    return {
      connectionId,
      readAt: lists?.readAt.toISOString() ?? null,
      isOld: this.lists.isOld(lists?.readAt),
      ...(problem !== null && { problem }),
      customers: customers.slice(0, mostShown),
      products: products.slice(0, mostShown),
      total: { customers: customers.length, products: products.length },
    };
  }

  async #customers(tenantId: string, { customerCodes, identifiers }: ToBeMapped, lists: PsaLists | null) {
    const names = await customerNames(this.parts.db, tenantId, customerCodes);
    const nameOf = (key: string): string => names.get(key) ?? key;
    const wanted = customerCodes.map((key) => ({ key, names: [nameOf(key)] }));
    const made = suggestionsFor(wanted, lists?.accounts ?? [], new Set(identifiers));
    return made.map((each) => ({
      customerCode: each.key,
      name: nameOf(each.key),
      ...shown(each, ({ ref, ...looks }) => ({ billingIdentifier: ref, ...looks })),
    }));
  }

  async #products(tenantId: string, { skus }: ToBeMapped, lists: PsaLists | null) {
    const names = await skuNames(this.parts.db, tenantId, skus);
    const namesOf = (key: string): string[] => names.get(key) ?? [];
    const wanted = skus.map((key) => ({ key, names: [key, ...namesOf(key)] }));
    return suggestionsFor(wanted, lists?.products ?? []).map((each) => ({
      sku: each.key,
      names: namesOf(each.key),
      ...shown(each, ({ ref, ...looks }) => ({ psaProductRef: ref, ...looks })),
    }));
  }
}

/** Scores to three places: they are for sorting and reading. */
function shown<T>({ suggestion, doubt, candidates }: Suggestion, toShown: (candidate: Candidate) => T) {
  const round = (candidate: Candidate): T => toShown({ ...candidate, score: Math.round(candidate.score * 1_000) / 1_000 });
  return {
    suggestion: suggestion === null ? null : round(suggestion),
    ...(doubt !== undefined && { doubt }),
    candidates: candidates.map(round),
  };
}
