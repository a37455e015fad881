import type { Clock } from "../clock.ts";
import type { DocumentStore } from "../stores/port.ts";
import { equalInConstantTime, randomToken, sha256 } from "./secret.ts";

export const KEY_ROLES = ["write", "read", "admin"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Who a key speaks for. */
export interface KeyHolder {
  project_id: string;
  role: KeyRole;
}

export interface Project {
  project_id: string;
  name: string;
  created_at: string;
  /** Whether the visible text of clicked elements is stored as it is, or hashed. */
  allow_text: boolean;
}

interface StoredKey extends KeyHolder {
  hash: string;
  created_at: string;
}

export type ProjectKeys = Record<`${KeyRole}_key`, string>;

const KEY_SHAPE = /^snag_(?:write|read|admin)_[\w-]{32}$/;
/** How long a key that was looked up is trusted without looking again. */
const CACHE_MS = 10_000;
const CACHE_ENTRIES = 10_000;

/** Projects and their keys. Keys are stored as hashes; they are shown once, when made. */
export class Projects {
  readonly #cache = new Map<string, { holder: KeyHolder; until: number }>();
  readonly #projects = new Map<string, { project: Project; until: number }>();

  constructor(private readonly documents: DocumentStore, private readonly clock: Clock) {}

  async list(): Promise<Project[]> {
    return (await this.documents.list<Project>(["project"])).map(({ value }) => value);
  }

  /** As it was at most ten seconds ago. */
  async get(projectId: string): Promise<Project | null> {
    const now = this.clock.now();
    const cached = this.#projects.get(projectId);
    if (cached && cached.until > now) return cached.project;
    const project = (await this.documents.get<Project>(["project", projectId]))?.value ?? null;
    if (project) this.#projects.set(projectId, { project, until: now + CACHE_MS });
    return project;
  }

  /** @returns its keys; `null` when there is such a project already */
  async create(project: Omit<Project, "created_at">): Promise<ProjectKeys | null> {
    const created_at = new Date(this.clock.now()).toISOString();
    const { project_id } = project;
    const stored: Project = { ...project, created_at };
    if (!await this.documents.put(["project", project_id], stored, null)) return null;
    const keys = {
      write_key: `snag_write_${randomToken()}`,
      read_key: `snag_read_${randomToken()}`,
      admin_key: `snag_admin_${randomToken()}`,
    };
    for (const role of KEY_ROLES) {
      const hash = sha256(keys[`${role}_key`]);
      const key: StoredKey = { project_id, role, hash, created_at };
      await this.documents.put(["key", hash], key, null);
    }
    return keys;
  }

  /** Who a key speaks for; `null` for no key of ours. */
  async holderOf(key: string): Promise<KeyHolder | null> {
    if (!KEY_SHAPE.test(key)) return null;
    const hash = sha256(key);
    const now = this.clock.now();
    const cached = this.#cache.get(hash);
    if (cached && cached.until > now) return cached.holder;
    const found = (await this.documents.get<StoredKey>(["key", hash]))?.value;
    if (!found || !equalInConstantTime(found.hash, hash)) return null;
    const holder: KeyHolder = { project_id: found.project_id, role: found.role };
    if (this.#cache.size >= CACHE_ENTRIES) this.#cache.clear();
    this.#cache.set(hash, { holder, until: now + CACHE_MS });
    return holder;
  }
}
