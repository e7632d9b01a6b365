import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import { SessionVerifier } from '@trueup/access';
import { BillingQueries } from '@trueup/billing';
import { MeController } from './access/me-controller.js';
import { PasswordsController } from './access/passwords-controller.js';
import { PeopleController } from './access/people-controller.js';
import { SessionsController } from './access/sessions-controller.js';
import { SignInLimiter } from './access/sign-in-limiter.js';
import { TenantsController } from './access/tenants-controller.js';
import { TokensController } from './access/tokens-controller.js';
import { ReconciliationController } from './accounting/reconciliation-controller.js';
import { API_PARTS } from './api-parts.js';
import type { ApiParts } from './api-parts.js';
import { ActInterceptor } from './audit/act-interceptor.js';
import { AuditController } from './audit/audit-controller.js';
import { CatalogueController } from './catalogue/catalogue-controller.js';
import { AgreementLinesController } from './connections/agreement-lines-controller.js';
import { ConnectionActsController } from './connections/connection-acts-controller.js';
import { ConnectionCheckController } from './connections/connection-check-controller.js';
import { ConnectionDesk } from './connections/connection-desk.js';
import { WriteLease } from './connections/write-lease.js';
import { ConnectionsController } from './connections/connections-controller.js';
import { InternalConnectionsController } from './connections/internal-connections-controller.js';
import { GuardsController } from './control/guards-controller.js';
import { HoldsController } from './control/holds-controller.js';
import { ResolveController } from './control/resolve-controller.js';
import { WorkItemFilesController } from './control/work-item-files-controller.js';
import { WorkItemsController } from './control/work-items-controller.js';
import { AnswerInterceptor } from './http/answer-interceptor.js';
import { BearerGuard } from './http/bearer-guard.js';
import { DeclaredInputInterceptor } from './http/declared-input-interceptor.js';
import { ProblemFilter } from './http/problem-filter.js';
import { RateLimitGuard } from './http/rate-limit-guard.js';
import { SchemaPipe } from './http/schema-pipe.js';
import { TenantInterceptor } from './http/tenant-interceptor.js';
import { CustomerMappingsController } from './mapping/customer-mappings-controller.js';
import { ImportDesk } from './mapping/import-desk.js';
import { ImportsController } from './mapping/imports-controller.js';
import { MappingDesk } from './mapping/mapping-desk.js';
import { ProductMappingsController } from './mapping/product-mappings-controller.js';
import { PsaListDesk } from './mapping/psa-list-desk.js';
import { SuggestionDesk } from './mapping/suggestion-desk.js';
import { SuggestionsController } from './mapping/suggestions-controller.js';
import { UnmappedController } from './mapping/unmapped-controller.js';
import { UnmappedLinesController } from './mapping/unmapped-lines-controller.js';
import { OperationEventsController } from './operations/operation-events-controller.js';
import { OperationsController } from './operations/operations-controller.js';
import { QuarantineController } from './quarantine/quarantine-controller.js';
import { OpenApiController, OpenApiHolder } from './openapi-controller.js';
import { RunLogController } from './runs/run-log-controller.js';
import { StartRunController } from './runs/start-run-controller.js';
import { RunsController } from './runs/runs-controller.js';
import { BillingPeriodController } from './settings/billing-period-controller.js';
import { BillingPeriodDesk } from './settings/billing-period-desk.js';
import { AssignmentsController } from './truth/assignments-controller.js';
import { BillingController } from './truth/billing-controller.js';
import { CorrectionsController } from './truth/corrections-controller.js';
import { CustomersController } from './truth/customers-controller.js';
import { LineUsersController } from './truth/line-users-controller.js';
import { LinesController } from './truth/lines-controller.js';
import { PeriodActsController } from './truth/period-acts-controller.js';
import { PeriodsController } from './truth/periods-controller.js';
import { TimelineController } from './truth/timeline-controller.js';

const controllers = [
  TenantsController,
  TokensController,
  MeController,
  PasswordsController,
  PeopleController,
  SessionsController,
  AuditController,
  BillingPeriodController,
  CatalogueController,
  ConnectionsController,
  ConnectionActsController,
  ConnectionCheckController,
  AgreementLinesController,
  ResolveController,
  WorkItemFilesController,
  WorkItemsController,
  HoldsController,
  GuardsController,
  InternalConnectionsController,
  UnmappedController,
  UnmappedLinesController,
  SuggestionsController,
  ImportsController,
  CustomerMappingsController,
  ProductMappingsController,
  RunsController,
  StartRunController,
  RunLogController,
  PeriodsController,
  PeriodActsController,
  OperationsController,
  OperationEventsController,
  QuarantineController,
  ReconciliationController,
  BillingController,
  CorrectionsController,
  AssignmentsController,
  CustomersController,
  TimelineController,
  LineUsersController,
  LinesController,
  OpenApiController,
];
const desks = [
  WriteLease,
  ConnectionDesk,
  MappingDesk,
  PsaListDesk,
  SuggestionDesk,
  ImportDesk,
  BillingPeriodDesk,
  OpenApiHolder,
];

@Module({})
export class AppModule {
  /** All routes over the given parts. */
  static of(parts: ApiParts): DynamicModule {
    return {
      module: AppModule,
      controllers,
      providers: [
        ...desks,
        { provide: API_PARTS, useValue: parts },
        { provide: SignInLimiter, useValue: new SignInLimiter(parts.allTenants) },
        { provide: BillingQueries, useValue: new BillingQueries(parts.db, parts.now) },
        { provide: APP_FILTER, useValue: new ProblemFilter(parts.logger) },
        { provide: APP_PIPE, useClass: SchemaPipe },
        { provide: APP_INTERCEPTOR, useClass: TenantInterceptor },
        { provide: APP_INTERCEPTOR, useClass: DeclaredInputInterceptor },
        { provide: APP_INTERCEPTOR, inject: [Reflector], useFactory: (reflector: Reflector) => new AnswerInterceptor(reflector) },
        {
          provide: APP_INTERCEPTOR,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new ActInterceptor(reflector, parts.now),
        },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) =>
            new BearerGuard(reflector, parts.verifier, new SessionVerifier(parts.allTenants, parts.now), parts.allTenants),
        },
        // Behind the one that knows the token.
        { provide: APP_GUARD, useValue: new RateLimitGuard(parts.limiter) },
      ],
    };
  }
}
