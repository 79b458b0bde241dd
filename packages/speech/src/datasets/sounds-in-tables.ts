/**
 * The recordings that tables name, each once.
 */
import {
  CorruptSampleError,
  counted,
  type PartName,
  partInWords,
  partNamed,
  tally,
  UsageError,
} from "@autodidact/core";
import { fileSource } from "./sound-source.js";
import { fieldsOf, fileFinder, idBelow, type ManifestOptions, rowsOf, type SoundTable } from "./sound-tables.js";
import type { ToldSound, ToldSounds } from "./told-sounds.js";

/** `tables` are of one set; at least one. */
export async function soundsInTables(
  root: string,
  tables: readonly SoundTable[],
  options: ManifestOptions,
): Promise<ToldSounds> {
  const passedOver = tally();
  const find = fileFinder();
  const told: NamedSound[] = [];
  const known = new Map<string, NamedSound>();
  let rows = 0;
  for (const table of tables) {
    for await (const row of rowsOf(table.file, options)) {
      rows += 1;
      if (row instanceof CorruptSampleError) {
        passedOver.add("rows that cannot be read", row.message);
        continue;
      }
      const fields = fieldsOf(row);
      const value = fields[table.columns.file];
      const path = value === undefined ? undefined : await find(table.file.path, value);
      if (path === undefined) {
        const what = value === undefined ? "rows that name no file" : "rows whose file is missing";
        passedOver.add(what, value === undefined ? row.id : `${row.id} ${value}`);
        continue;
      }
      const sound = { path, row: row.id, part: partOf(table, fields, row.id), fields, table };
      const before = known.get(path);
      if (before !== undefined) {
        assertOnePart(before, sound);
        passedOver.add("rows that name a recording once more", `${row.id} ${value}`);
        continue;
      }
      known.set(path, sound);
      told.push(sound);
    }
  }
  if (told.length === 0) throw nothingThere(tables, rows, passedOver.list());
  return toldSounds(root, tables, told, passedOver.list());
}

interface NamedSound {
  readonly path: string;
  /** `train.tsv:17` */
  readonly row: string;
  readonly part: PartName;
  readonly fields: Readonly<Record<string, string>>;
  readonly table: SoundTable;
}

function toldSounds(
  root: string,
  tables: readonly SoundTable[],
  told: readonly NamedSound[],
  passedOver: ToldSounds["passedOver"],
): ToldSounds {
  const [{ columns, file }] = tables as [SoundTable];
  const sounds = told.map(({ part, fields, table }, row): ToldSound => {
    const { transcript } = table.columns;
    return { row, part, fields, transcript: transcript === undefined ? undefined : fields[transcript] };
  });
  const ids = told.map(({ path }) => idBelow(root, path));
  const { label, labels, speaker, transcript, split } = columns;
  const taken = { file: columns.file, label, speaker, transcript, split };
  return {
    kind: `recordings named by ${tables.length === 1 ? file.id : `${tables.length} tables`}`,
    source: fileSource(
      "",
      told.map(({ path }) => path),
      { ids },
    ),
    sounds,
    labelField: label,
    speakerField: speaker,
    whyUnlabelled:
      labels.length > 1
        ? `their tables have the columns ${labels.join(", ")}: choose ${labels.map((name) => `{ labelFrom: ${JSON.stringify(name)} }`).join(" or ")}`
        : "their tables have no column of classes: name one by { labelFrom: … }",
    columns: Object.fromEntries(
      Object.entries(taken).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    passedOver,
    remarks: columns.remarks,
    tellers: tables.map((table) => table.file.path),
  };
}

function partOf({ part, columns, file }: SoundTable, fields: Readonly<Record<string, string>>, id: string): PartName {
  if (part !== undefined) return part;
  if (columns.split === undefined) return "all";
  const value = fields[columns.split];
  const named = value === undefined ? undefined : (partNamed(value) ?? partInWords(value));
  if (named !== undefined) return named;
  throw new UsageError(
    `openSounds: ${file.path} must name a part (train, validation, test) in its column ${columns.split}, got ${JSON.stringify(value ?? "")} in ${id}. ` +
      'Name another column, or none: { splitFrom: "none" }.',
  );
}

/** What is learned from and tested on makes a score a lie. */
function assertOnePart(before: NamedSound, sound: NamedSound): void {
  if (before.part === sound.part) return;
  throw new UsageError(
    `openSounds: ${sound.path} must be in one part alone, is in ${before.part} (${before.row}) and in ${sound.part} (${sound.row}). Take it out of one.`,
  );
}

function nothingThere(tables: readonly SoundTable[], rows: number, passedOver: ToldSounds["passedOver"]): Error {
  const why = passedOver.map(({ what, count, names }) => `${counted(count, what)} (${names[0]})`).join(", ");
  return new UsageError(
    `openSounds: ${tables.map(({ file }) => file.path).join(", ")} must name recordings that are there, got ${rows} rows: ${why || "none"}. ` +
      'Files are looked for beside the table and in clips/, wavs/, wav/ and audio/. Another column is named by { fileFrom: … }; folders alone are read by { layout: "classes" }.',
  );
}
