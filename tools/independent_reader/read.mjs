// Reads a whole company through @lucca-front/ng, the package of Lucca's own pages, and says what it was given.
// Paging, counting and filters are the package's own; ours is only the address, the key, and opening and scrolling.
// In: {url, key, clue} as JSON on the standard input. Out: what was read, as JSON.
import '@angular/compiler'; // the package is published half compiled
import { HttpClient, provideHttpClient, withFetch, withInterceptors } from '@angular/common/http';
import {
  Injector, PLATFORM_ID, createEnvironmentInjector, provideExperimentalZonelessChangeDetection, runInInjectionContext,
  ɵINJECTOR_SCOPE,
} from '@angular/core';
import { ALuApiOptionPagedSearcher, LuApiV3Service, LuApiV4Service } from '@lucca-front/ng/api';
import { ALuSelectInputComponent } from '@lucca-front/ng/core-select';
import { LuCoreSelectApiV3Directive } from '@lucca-front/ng/core-select/api';
import { LuDepartmentV3Service, LuDepartmentV4Service } from '@lucca-front/ng/department';
import { LuEstablishmentService, LuLegalUnitService } from '@lucca-front/ng/establishment';
import { LuUserDisplayPipe, LuUserHomonymsService, LuUserV3Service } from '@lucca-front/ng/user';
import { text } from 'node:stream/consumers';
import { BehaviorSubject, Subject, firstValueFrom } from 'rxjs';

const { url, key, clue } = JSON.parse(await text(process.stdin));
const withAddressAndKey = (request, next) =>
  next(request.clone({ url: url + request.url, setHeaders: { Authorization: `lucca application=${key}` } }));

const root = createEnvironmentInjector(
  [
    { provide: ɵINJECTOR_SCOPE, useValue: 'root' },
    { provide: PLATFORM_ID, useValue: 'node' },
    provideExperimentalZonelessChangeDetection(),
    provideHttpClient(withFetch(), withInterceptors([withAddressAndKey])),
    LuDepartmentV4Service, LuUserDisplayPipe, LuUserHomonymsService,
  ],
  Injector.NULL,
);

const service = (kind, settings = {}) => Object.assign(new kind(root.get(HttpClient)), settings);
const ids = (things) => things.map(({ id }) => id);
const branches = (trees) => trees.flatMap(({ value, children }) => [value, ...branches(children)]);

class Picker extends ALuApiOptionPagedSearcher {
  resetClue() {
    this.clues.next(this.sought);
  }
}

// Opens a picker of the older kind and scrolls for as long as it brings more.
function picked(from, sought = '') {
  const picker = Object.assign(new Picker(from), { clues: new Subject(), sought });
  picker.clue$ = picker.clues;
  picker.init();
  return new Promise((resolve) => {
    let before = 0;
    picker.outOptions$.subscribe((options) => {
      if (options.length === before) {
        resolve(options);
      } else {
        before = options.length;
        setTimeout(() => picker.onScrollBottom());
      }
    });
    picker.onOpen();
  });
}

// The same with the newer kind, which also counts; its panel is not drawn.
async function selected(apiV3, filters) {
  const panel = { nextPage: new Subject(), clueChange: new Subject(), isPanelOpen$: new BehaviorSubject(true) };
  const injector = createEnvironmentInjector([{ provide: ALuSelectInputComponent, useValue: panel }], root);
  const select = runInInjectionContext(injector, () => new LuCoreSelectApiV3Directive());
  Object.assign(select, { apiV3, filters });
  const counted = await firstValueFrom(select.totalCount$);
  const read = await new Promise((resolve) => {
    let before = 0;
    Object.defineProperty(panel, 'options', {
      set(options) {
        if (options.length && (options.length === before || options.length % select.pageSize)) {
          resolve(ids(options));
        } else if (options.length) {
          before = options.length;
          setTimeout(() => panel.nextPage.next());
        }
      },
    });
    select.ngOnInit();
  });
  select.ngOnDestroy();
  return { counted, read };
}

async function countedAndPicked(from) {
  return { counted: await firstValueFrom(from.count()), read: ids(await picked(from)) };
}

// Asks until there is an answer: how each single call of the package went.
async function asked(from) {
  const statuses = [];
  while (statuses.at(-1) !== 200 && statuses.length < 9) {
    statuses.push(await firstValueFrom(from.getAll()).then(() => 200, (error) => error.status));
  }
  return statuses;
}

const broken = ids(await picked(service(LuUserV3Service))).length; // first, while a page of it is made to fail
const former = ['formerEmployees=true'];
const people = await picked(service(LuUserV3Service, { filters: former }));
const homonyms = root.get(LuUserHomonymsService);
const v4Departments = { api: '/organization/structure/api/departments', sort: 'name' };
const v3Trees = service(LuDepartmentV3Service).getTrees();
const v4Trees = root.get(LuDepartmentV4Service).getTrees();
const byName = service(LuApiV3Service, { api: '/api/v3/users' });
const legalUnits = service(LuLegalUnitService);

process.stdout.write(JSON.stringify({
  whole: {
    'collaborators, selected': await selected('/api/v3/users', {}),
    'collaborators with former ones, selected': await selected('/api/v3/users', { formerEmployees: true }),
    'collaborators with former ones, searched': { read: ids(people) },
    'departments of v3': await selected('/api/v3/departments', {}),
    'departments of v3, picked': { read: ids(await picked(service(LuDepartmentV3Service))) },
    'departments of v3, tree': { read: ids(branches(await firstValueFrom(v3Trees))) },
    'departments of v4': await countedAndPicked(service(LuApiV4Service, v4Departments)),
    'departments of v4, tree': { read: ids(branches(await firstValueFrom(v4Trees))) },
    'establishments': await countedAndPicked(service(LuEstablishmentService, { filters: ['limit=2'] })),
  },
  sought: {
    'collaborators by clue': ids(await picked(service(LuUserV3Service), clue.person)),
    'collaborators by a part of the name': ids(await picked(byName, clue.part)),
    'establishments by words': ids(await firstValueFrom(service(LuEstablishmentService).searchAll(clue.establishment))),
  },
  departmentsOfNamesakes: Object.fromEntries(
    (await firstValueFrom(homonyms.enrichHomonyms(homonyms.extractHomonyms(people))))
      .map(({ id, additionalInformation }) => [id, additionalInformation]),
  ),
  statuses: await asked(legalUnits),
  afterwards: await countedAndPicked(legalUnits),
  broken,
}));
