/** FT.INFO and FT.TAGVALS: what is in an index. https://redis.io/docs/latest/commands/ft.info/ */

import type { Args } from '../../commands/args.ts';
import { command } from '../../commands/command.ts';
import { redisError } from '../../errors.ts';
import { type Reply, SetReply, Status } from '../../resp/reply.ts';
import { doubleReply, namedReplies } from '../replies.ts';
import { type SearchContext, type SearchNeeds, searched, searchLook, searchRead } from './rows.ts';
import type { Field } from './schema.ts';
import { Failures, type SearchIndex } from './search-index.ts';

export const infoCommands = [
  command<SearchNeeds>('FT.INFO index', {
    ...searchLook,
    complexity: 'O(1)',
    summary: 'Tells of what an index is, and how much is in it.',
    run: info,
  }),
  command<SearchNeeds>('FT.TAGVALS index field_name', {
    ...searchRead,
    complexity: 'O(N) where N is the number of tags.',
    summary: 'Lists the tags of a field.',
    override: { categories: ['read', 'slow', 'dangerous', 'search'] },
    run: tagValues,
  }),
];

type Entry = readonly [name: string, reply: Reply];

const status = (text: string): Reply => new Status(text);

function info(ctx: SearchContext, args: Args): Reply {
  const index = ctx.search.open(args.string(), searched(ctx));
  const { definition } = index;
  const { ownStopwords } = definition;
  return namedReplies([
    ['index_name', status(index.name)],
    ['index_options', definition.flags.map(status)],
    ['index_definition', definitionReply(index)],
    ['attributes', index.fields.map((field) => attribute(ctx, field))],
    ...counts(index),
    ...sizes(),
    ['hash_indexing_failures', index.failures.count],
    ['total_indexing_time', doubleReply(0)],
    ['indexing', 0],
    ['percent_indexed', doubleReply(1)],
    ['number_of_uses', index.uses],
    ['cleaning', 0],
    ['gc_stats', collected()],
    ['cursor_stats', cursors(ctx, index)],
    ...(ownStopwords ? [['stopwords_list', ownStopwords] as Entry] : []),
    ['dialect_stats', namedReplies([1, 2, 3, 4].map((dialect) => [`dialect_${dialect}`, 0]))],
    [
      'Index Errors',
      namedReplies([...failures(index.failures), ['background indexing status', status('OK')]]),
    ],
    ['field statistics', index.fields.map(statistics)],
  ]);
}

function definitionReply({ definition }: SearchIndex): Reply {
  const { isJson, prefixes, filter, language, languageField, score } = definition;
  const { scoreField, payloadField } = definition;
  const optional = (name: string, value: string | undefined): Entry[] =>
    value === undefined ? [] : [[name, status(value)]];
  return namedReplies([
    ['key_type', status(isJson ? 'JSON' : 'HASH')],
    ['prefixes', prefixes.map(status)],
    ...optional('filter', filter?.text),
    ...optional('default_language', language),
    ...optional('language_field', languageField),
    ['default_score', doubleReply(score)],
    ...optional('score_field', scoreField),
    ...optional('payload_field', payloadField),
    ['indexes_all', status('false')],
  ]);
}

/** A field: flat, its flags at the end; in RESP3 a map with them in a list. */
function attribute({ protocol }: SearchContext, field: Field): Reply {
  const flags = flagsOf(field).map(status);
  const entries: Entry[] = [
    ['identifier', status(field.path)],
    ['attribute', status(field.name)],
    ['type', status(field.kind)],
    ...details(field),
  ];
  if (protocol === 3) return namedReplies([...entries, ['flags', flags]]);
  return [...entries.flatMap(([name, reply]) => [status(name), reply]), ...flags];
}

function details({ kind, weight, separator, vector }: Field): Entry[] {
  if (kind === 'TEXT') return [['WEIGHT', doubleReply(weight)]];
  if (kind === 'TAG') return [['SEPARATOR', status(separator ?? '')]];
  if (!vector) return [];
  const { algorithm, type, dimension, metric, links, efConstruction, efRuntime } = vector;
  const common: Entry[] = [
    ['algorithm', status(algorithm)],
    ['data_type', status(type)],
    ['dim', dimension],
    ['distance_metric', status(metric)],
  ];
  if (algorithm === 'FLAT') return common;
  return [...common, ['M', links], ['ef_construction', efConstruction], ['ef_runtime', efRuntime]];
}

function flagsOf(field: Field): string[] {
  const flags: (readonly [name: string, isSet: boolean])[] = [
    ['SORTABLE', field.isSortable],
    ['UNF', field.isUnformatted],
    ['NOSTEM', field.kind === 'TEXT' && !field.stems],
    ['CASESENSITIVE', field.isCaseSensitive],
    ['WITHSUFFIXTRIE', field.hasSuffixTrie],
    ['INDEXEMPTY', field.indexesEmpty],
    ['INDEXMISSING', field.indexesMissing],
    ['NOINDEX', !field.isIndexed],
  ];
  return flags.filter(([, isSet]) => isSet).map(([name]) => name);
}

function counts(index: SearchIndex): Entry[] {
  return [
    ['num_docs', index.size],
    ['max_doc_id', index.lastId],
    ['num_terms', index.words.size],
    ['num_records', index.records],
  ];
}

/** What is not measured here; averages are of nothing. */
function sizes(): Entry[] {
  const size = (name: string): Entry => [name, doubleReply(0)];
  return [
    ...['inverted_sz_mb', 'vector_index_sz_mb'].map(size),
    ['total_inverted_index_blocks', 0],
    ...['offset_vectors_sz_mb', 'doc_table_size_mb', 'sortable_values_size_mb'].map(size),
    ...['key_table_size_mb', 'tag_overhead_sz_mb', 'text_overhead_sz_mb'].map(size),
    ...['total_index_memory_sz_mb', 'geoshapes_sz_mb'].map(size),
    ...['records_per_doc_avg', 'bytes_per_record_avg', 'offsets_per_term_avg'].map(
      (name): Entry => [name, doubleReply(NaN)],
    ),
    ['offset_bits_per_record_avg', doubleReply(NaN)],
  ];
}

function collected(): Reply {
  const zero = (name: string): Entry => [name, doubleReply(0)];
  return namedReplies([
    ...['bytes_collected', 'total_ms_run', 'total_cycles'].map(zero),
    ['average_cycle_time_ms', doubleReply(NaN)],
    ...['last_run_time_ms', 'gc_numeric_trees_missed', 'gc_blocks_denied'].map(zero),
  ]);
}

function cursors({ search }: SearchContext, index: SearchIndex): Reply {
  return namedReplies([
    ['global_idle', search.cursors.size],
    ['global_total', search.cursors.size],
    ['index_capacity', search.settings.number('INDEX_CURSOR_LIMIT')],
    ['index_total', search.cursors.of(index.name)],
  ]);
}

function failures({ count, lastError, lastKey }: Failures): Entry[] {
  return [
    ['indexing failures', count],
    ['last indexing error', status(lastError)],
    ['last indexing error key', lastKey],
  ];
}

const noFailures = new Failures();

function statistics(field: Field): Reply {
  const isVector = field.kind === 'VECTOR';
  const measures = ['memory', 'marked_deleted', 'direct_hnsw_insertions', 'flat_buffer_size'];
  return namedReplies([
    ['identifier', status(field.path)],
    ['attribute', status(field.name)],
    ['Index Errors', namedReplies(failures(noFailures))],
    ...(isVector ? measures.map((name): Entry => [name, 0]) : []),
  ]);
}

function tagValues(ctx: SearchContext, args: Args): Reply {
  const index = ctx.search.open(args.string(), searched(ctx));
  const name = args.string();
  const field = index.field(name);
  if (!field) throw redisError('No such field');
  if (field.kind !== 'TAG') throw redisError('Not a tag field');
  const tags = [...index.tags(name).sorted()];
  return ctx.protocol === 3 ? new SetReply(tags) : tags;
}
