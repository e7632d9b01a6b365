import { type DynamicModule, Module } from '@nestjs/common';
import { EventProjector } from './event-projector.js';
import { EventsController } from './events-controller.js';

/** The consuming side of the projector. */
@Module({})
export class ProjectorModule {
  static around(projector: EventProjector): DynamicModule {
    return {
      module: ProjectorModule,
      controllers: [EventsController],
      providers: [{ provide: EventProjector, useValue: projector }],
    };
  }
}
