/** kubectl rollout status, restart, history and undo; kubectl scale. */
import type { ApiServer } from '../api.ts';
import { deploymentRevisions, REVISION_NOTE } from '../controllers/deployment.ts';
import { revisionsOf } from '../controllers/stateful-set.ts';
import type { Deployment, PodTemplate, StatefulSet } from '../objects.ts';
import { type Command, KubectlError, notSimulated, type Verb } from './context.ts';
import { nameOf, theObject } from './select.ts';
import { printTable } from './table.ts';

type Rolled = StatefulSet | Deployment;

export const rollout: Verb = async (command) => {
  const [verb = '', ...words] = command.words;
  const inner = { ...command, words };
  if (verb === 'status') return status(inner);
  if (verb === 'restart') return restart(inner);
  if (verb === 'history') return history(inner);
  if (verb === 'undo') return undo(inner);
  throw notSimulated(`kubectl rollout ${verb}`);
};

function rolled(command: Command, api: ApiServer): Rolled {
  const object = theObject(command, api);
  if (object.kind === 'StatefulSet' || object.kind === 'Deployment') return object as Rolled;
  throw new KubectlError(`no rollout of ${object.kind.toLowerCase()}s is simulated here`);
}

/** Says what it waits for, each time that is something else. */
async function status(command: Command): Promise<number> {
  const { cluster, call, flags } = command;
  const limit = flags.duration('timeout') ?? 0;
  const end = limit > 0 ? call.machine.now() + limit : Number.POSITIVE_INFINITY;
  for (let last = ''; ; ) {
    const { text, isDone } = cluster.enter((api) => progressOf(rolled(command, api)));
    if (text !== last) call.print(text);
    last = text;
    if (isDone) return 0;
    if (call.machine.now() > end) {
      throw new KubectlError('timed out waiting for the condition');
    }
    await call.machine.sleep(50, call.signal);
  }
}

function progressOf(object: Rolled): { readonly text: string; readonly isDone: boolean } {
  return object.kind === 'StatefulSet'
    ? progressOfSet(object as StatefulSet)
    : progressOfDeployment(object as Deployment);
}

const waiting = (text: string) => ({ text: `${text}...\n`, isDone: false });

function progressOfSet({ metadata, spec, status: is }: StatefulSet) {
  const strategy = spec.updateStrategy;
  if (strategy?.type === 'OnDelete') {
    throw new KubectlError(`rollout status is only available for RollingUpdate strategy type`);
  }
  if ((is.observedGeneration ?? 0) < (metadata.generation ?? 1)) {
    return waiting('Waiting for statefulset spec update to be observed');
  }
  const ready = is.readyReplicas ?? 0;
  if (ready < spec.replicas)
    return waiting(`Waiting for ${spec.replicas - ready} pods to be ready`);
  const partition = strategy?.rollingUpdate?.partition ?? 0;
  const updated = is.updatedReplicas ?? 0;
  if (partition > 0) {
    const wanted = spec.replicas - partition;
    if (updated < wanted) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted} new pods have been updated`,
      );
    }
    return {
      text: `partitioned roll out complete: ${updated} new pods have been updated...\n`,
      isDone: true,
    };
  }
  if (is.updateRevision !== is.currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${is.updateRevision}`,
    );
  }
  return {
    text: `statefulset rolling update complete ${is.currentReplicas ?? 0} pods at revision ${is.currentRevision}...\n`,
    isDone: true,
  };
}

function progressOfDeployment({ metadata, spec, status: is }: Deployment) {
  const { name, generation = 1 } = metadata;
  if ((is.observedGeneration ?? 0) < generation) {
    return waiting('Waiting for deployment spec update to be observed');
  }
  const { updatedReplicas: updated = 0, replicas = 0, availableReplicas: available = 0 } = is;
  const head = `Waiting for deployment ${JSON.stringify(name)} rollout to finish: `;
  if (updated < spec.replicas) {
    return waiting(`${head}${updated} out of ${spec.replicas} new replicas have been updated`);
  }
  if (replicas > updated) {
    return waiting(`${head}${replicas - updated} old replicas are pending termination`);
  }
  if (available < updated) {
    return waiting(`${head}${available} of ${updated} updated replicas are available`);
  }
  return { text: `deployment ${JSON.stringify(name)} successfully rolled out\n`, isDone: true };
}

function restart(command: Command): number {
  const { cluster, call } = command;
  call.print(
    cluster.enter((api) => {
      const object = api.change(rolled(command, api), ({ spec: { template } }) => {
        template.metadata ??= {};
        template.metadata.annotations = {
          ...template.metadata.annotations,
          'kubectl.kubernetes.io/restartedAt': api.time,
        };
      });
      return `${nameOf(api, object)} restarted\n`;
    }),
  );
  return 0;
}

/** The templates that an object has had, by number, oldest first. */
function templatesOf(api: ApiServer, object: Rolled): readonly (readonly [number, PodTemplate])[] {
  if (object.kind === 'StatefulSet') {
    const all = revisionsOf(api, object as StatefulSet);
    return all.map(({ revision, data }) => [revision, data.template] as const);
  }
  return deploymentRevisions(api, object as Deployment).map(
    ({ metadata, spec }) =>
      [Number(metadata.annotations?.[REVISION_NOTE] ?? 0), spec.template] as const,
  );
}

function history(command: Command): number {
  const { cluster, call } = command;
  const { name, all } = cluster.enter((api) => {
    const object = rolled(command, api);
    return { name: nameOf(api, object), all: templatesOf(api, object) };
  });
  const rows = all.map(([number]) => [String(number), '<none>']);
  call.print(`${name} \n${printTable([['REVISION', 'CHANGE-CAUSE'], ...rows])}\n`);
  return 0;
}

function undo(command: Command): number {
  const { cluster, call, flags } = command;
  const text = cluster.enter((api) => {
    const object = rolled(command, api);
    const all = templatesOf(api, object);
    const wanted = flags.number('to-revision');
    const found = wanted === undefined ? all.at(-2) : all.find(([n]) => n === wanted);
    if (!found) {
      throw new KubectlError(
        wanted === undefined
          ? `no rollout history found for ${object.kind.toLowerCase()} ${JSON.stringify(object.metadata.name)}`
          : `unable to find specified revision ${wanted} in history`,
      );
    }
    const changed = api.change(object, ({ spec }) => {
      const { 'pod-template-hash': _, ...labels } = found[1].metadata?.labels ?? {};
      spec.template = { ...structuredClone(found[1]), metadata: { ...found[1].metadata, labels } };
    });
    return `${nameOf(api, changed)} ${changed === object ? 'skipped rollback (current template already matches revision)' : 'rolled back'}\n`;
  });
  call.print(text);
  return 0;
}

export const scale: Verb = (command) => {
  const { cluster, call, flags } = command;
  const replicas = flags.number('replicas');
  if (replicas === undefined) {
    throw new KubectlError('required flag(s) "replicas" not set');
  }
  call.print(
    cluster.enter((api) => {
      const object = api.change(theObject(command, api), (draft) => {
        const spec = draft.spec as { replicas?: number } | undefined;
        if (spec?.replicas === undefined) {
          throw new KubectlError(`the server could not find the requested resource`);
        }
        spec.replicas = replicas;
      });
      return `${nameOf(api, object)} scaled\n`;
    }),
  );
  return 0;
};
