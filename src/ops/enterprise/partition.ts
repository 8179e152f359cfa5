/** partition: cuts hosts off from one another, both ways, as a broken line between regions does. */
import type { Program } from '../../shell/program.ts';
import type { OpsHost } from '../host.ts';

const usage = `usage: partition HOST HOST           cuts the two off from one another
       partition --heal HOST HOST    mends it
A program of this page; on Linux one would use iptables or tc.
`;

export const partition =
  (host: OpsHost): Program =>
  async (call) => {
    const heals = call.args.includes('--heal');
    const [one, other, ...more] = call.args.filter((word) => word !== '--heal');
    if (one === undefined || other === undefined || more.length > 0) {
      call.complain(usage);
      return 1;
    }
    for (const name of [one, other]) {
      if (host.peer(name)) continue;
      call.complain(`partition: ${name}: no such host\n`);
      return 1;
    }
    host.cut(one, other, !heals);
    return 0;
  };
