/** Jobs run pods until one has ended well; CronJobs make Jobs by a schedule, in UTC. */
import { type ApiServer, isOwnedBy, ownerOf, timeOf } from '../api.ts';
import type { ClusterView, Controller } from '../controller.ts';
import type { CronJob, Job, KubeObject } from '../objects.ts';
import { createPod, isEnding } from '../pods.ts';
import { nextTime, readSchedule } from '../schedule.ts';

const JOBS = 'job-controller';
const CRON = 'cronjob-controller';
/** A pod that failed is tried again after so long, twice as long each time. */
const BACK_OFF_MS = 10_000;

export const jobs: Controller = {
  name: JOBS,
  reconcile(cluster) {
    for (const job of cluster.api.list('Job')) {
      if (!isEnding(job) && !isFinished(job)) run(cluster, job);
    }
  },
};

export const isFinished = ({ status }: Job): boolean =>
  (status.conditions ?? []).some(
    ({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True',
  );

function run({ api, now, wake }: ClusterView, job: Job): void {
  const { metadata, spec } = job;
  const pods = api.list('Pod', metadata.namespace).filter((pod) => isOwnedBy(pod, job));
  const count = (phase: string) => pods.filter(({ status }) => status.phase === phase).length;
  const [succeeded, failed] = [count('Succeeded'), count('Failed')];
  const active = pods.length - succeeded - failed;
  const wanted = spec.completions ?? 1;
  const isDone = succeeded >= wanted;
  const hasFailed = !isDone && failed > (spec.backoffLimit ?? 6);
  const condition = isDone ? 'Complete' : hasFailed ? 'Failed' : undefined;
  const time = api.time;
  const live = api.change(job, (draft) => {
    draft.status = {
      ...draft.status,
      startTime: draft.status.startTime ?? time,
      ...{ active, succeeded, failed },
      ...(isDone && { completionTime: time }),
      ...(condition && {
        conditions: [{ type: condition, status: 'True', lastTransitionTime: time }],
      }),
    };
  });
  if (isDone) api.event(job, 'Normal', 'Completed', 'Job completed', JOBS);
  if (hasFailed) {
    const message = 'Job has reached the specified backoff limit';
    api.event(job, 'Warning', 'BackoffLimitExceeded', message, JOBS);
  }
  if (condition || active > 0 || spec.suspend) return;
  const last = Math.max(0, ...pods.map((pod) => Date.parse(pod.metadata.creationTimestamp)));
  const due = failed === 0 ? 0 : last + BACK_OFF_MS * 2 ** (failed - 1);
  if (due > now) {
    wake(due - now);
    return;
  }
  const labels = { 'batch.kubernetes.io/job-name': metadata.name, 'job-name': metadata.name };
  createPod(api, live, spec.template, { generateName: `${metadata.name}-`, labels }, JOBS);
}

/** Keeps when each CronJob was last looked at: what was due before it was made is not made up for. */
export class CronJobs implements Controller {
  readonly name = CRON;
  readonly #seen = new Map<string, number>();

  reconcile({ api, now, wake }: ClusterView): void {
    for (const cron of api.list('CronJob')) {
      const schedule = readSchedule(cron.spec.schedule);
      if (!schedule) continue;
      const { uid, creationTimestamp } = cron.metadata;
      const since = this.#seen.get(uid) ?? Date.parse(creationTimestamp);
      let due = nextTime(schedule, since);
      if (due !== undefined && due <= now) {
        if (!cron.spec.suspend) begin(api, cron, due);
        this.#seen.set(uid, now);
        due = nextTime(schedule, now);
      }
      if (due !== undefined) wake(due - now);
      tidy(api, cron);
    }
  }
}

const jobsOf = (api: ApiServer, cron: KubeObject): Job[] =>
  api.list('Job', cron.metadata.namespace).filter((job) => isOwnedBy(job, cron));

function begin(api: ApiServer, cron: CronJob, due: number): void {
  const { metadata, spec } = cron;
  const active = jobsOf(api, cron).filter((job) => !isFinished(job));
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    const message = `Not starting job because prior execution is running and concurrency policy is Forbid`;
    api.event(cron, 'Normal', 'JobAlreadyActive', message, CRON);
    return;
  }
  if (spec.concurrencyPolicy === 'Replace') for (const job of active) api.delete(job);
  const name = `${metadata.name}-${Math.floor(due / 60_000)}`;
  if (api.find('Job', name, metadata.namespace)) return;
  makeJob(api, cron, name);
  api.change(cron, (draft) => {
    draft.status = { ...draft.status, lastScheduleTime: timeOf(due) };
  });
}

/** A Job as a CronJob makes it; also for `kubectl create job --from`. */
export function makeJob(api: ApiServer, cron: CronJob, name: string): KubeObject {
  const { metadata, spec } = structuredClone(cron.spec.jobTemplate);
  const job = api.create(
    {
      ...{ apiVersion: 'batch/v1', kind: 'Job', spec },
      metadata: { ...metadata, name, ownerReferences: [ownerOf(cron)] },
    },
    cron.metadata.namespace,
  );
  api.event(cron, 'Normal', 'SuccessfulCreate', `Created job ${name}`, CRON);
  return job;
}

/** Of the Jobs that are over only the last few are kept. */
function tidy(api: ApiServer, cron: CronJob): void {
  const all = jobsOf(api, cron);
  const over = (type: string) =>
    all.filter(({ status }) => status.conditions?.some((each) => each.type === type));
  const old = [
    ...over('Complete').slice(0, -(cron.spec.successfulJobsHistoryLimit ?? 3) || undefined),
    ...over('Failed').slice(0, -(cron.spec.failedJobsHistoryLimit ?? 1) || undefined),
  ];
  for (const job of old) api.delete(job);
  const active = all.filter((job) => !isFinished(job)).map(({ metadata: { name } }) => ({ name }));
  const live = api.find('CronJob', cron.metadata.name, cron.metadata.namespace);
  if (!live) return;
  api.change(live, (draft) => {
    draft.status = { ...draft.status, active };
  });
}
