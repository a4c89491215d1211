/** All files of one state, changed or not: what a file that changed may refer to. */

export type Tree = {
  /** The folder that all paths begin with; empty where they begin at the top. */
  readonly top: string;
  /** Returns every path. */
  list(): Promise<readonly string[]>;
  /** Returns the text; undefined where the file does not exist or is not text. */
  read(path: string): Promise<string | undefined>;
  /** Returns the paths of files that hold one of the words. */
  holding(words: readonly string[]): Promise<readonly string[]>;
};

/** Both states. */
export type Trees = { readonly before: Tree; readonly after: Tree };

/** Returns the tree of texts by their paths. */
export function treeOf(texts: ReadonlyMap<string, string>, top = ''): Tree {
  return {
    top,
    list: async () => [...texts.keys()],
    read: async (path) => texts.get(path),
    holding: async (words) =>
      [...texts].filter(([, text]) => words.some((word) => text.includes(word))).map(([path]) => path),
  };
}

const NOTHING = treeOf(new Map());

/** Two files, or plans, with nothing beside them. */
export const NO_TREES: Trees = { before: NOTHING, after: NOTHING };
