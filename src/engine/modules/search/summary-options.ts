/** Reads HIGHLIGHT and SUMMARIZE. https://redis.io/docs/latest/develop/ai/search-and-query/advanced-concepts/highlight/ */
import { RedisError } from '../../errors.ts';
import { badArguments } from './errors.ts';
import type { Options } from './options.ts';
import type { Highlight, Summarize } from './summary.ts';

export const readHighlight = (options: Options): Highlight =>
  orRefuse('HIGHLIGHT', () => {
    const fields = options.take('FIELDS') ? options.list('FIELDS') : undefined;
    const tags = options.take('TAGS');
    const open = tags ? options.value('TAGS') : '<b>';
    return { fields, open, close: tags ? options.value('TAGS') : '</b>' };
  });

export const readSummarize = (options: Options): Summarize =>
  orRefuse('SUMMARIZE', () => {
    const fields = options.take('FIELDS') ? options.list('FIELDS') : undefined;
    let [fragments, length, separator] = [3, 20, '... '];
    for (;;) {
      if (options.take('FRAGS')) fragments = options.count('FRAGS');
      else if (options.take('LEN')) length = options.count('LEN');
      else if (options.take('SEPARATOR')) separator = options.value('SEPARATOR');
      else return { fields, fragments, length, separator };
    }
  });

/** Whatever is wrong inside, one error says it. */
function orRefuse<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RedisError) throw badArguments(`Bad arguments for ${option}`);
    throw error;
  }
}
