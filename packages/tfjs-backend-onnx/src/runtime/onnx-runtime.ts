/**
 * ONNX Runtime: its environment, sessions and tensors. Only this file calls its functions (c-api.ts lists them).
 */
import koffi from "koffi";
import { ELEMENT_TYPES, type ElementType } from "../onnx/element-type.js";
import { type Functions, openLibrary, type Pointer } from "./c-api.js";

/** Errors are thrown; ONNX Runtime itself writes nothing of them to the terminal. */
const LOG_FATAL = 4;
const DEVICE_ALLOCATOR = 0;
const ARENA_ALLOCATOR = 1;
const DEFAULT_MEMORY = 0;

export interface RuntimeOptions {
  /** libonnxruntime to load. */
  libraryPath: string;
  /** "cpu", or the name of another provider inside the library: "webgpu". */
  provider: string;
  /** Threads inside an operator. */
  threads: number;
  /** Custom operators to register with every session. */
  kernelLibrary?: string;
  /** Idle threads wait in a loop: steps are faster, and the processor is busy between them. */
  spin: boolean;
  /** Write ONNX Runtime's own profile of every session to files with this prefix. */
  profilePrefix?: string;
}

export class OnnxRuntime {
  readonly version: string;
  readonly providers: readonly string[];
  private readonly api: Functions;
  private readonly environment: Pointer;
  private readonly sessionOptions: Pointer;
  private readonly cpuMemory: Pointer;

  constructor(readonly options: RuntimeOptions) {
    const library = openLibrary(options.libraryPath);
    this.version = library.version;
    this.api = library.functions;
    this.providers = this.availableProviders();
    this.requireProvider(options.provider);

    const threading = this.out("CreateThreadingOptions");
    this.call("SetGlobalIntraOpNumThreads", threading, options.threads);
    this.call("SetGlobalInterOpNumThreads", threading, 1);
    this.call("SetGlobalSpinControl", threading, options.spin ? 1 : 0);
    this.environment = this.out("CreateEnvWithGlobalThreadPools", LOG_FATAL, "autodidact", threading);
    this.api.ReleaseThreadingOptions(threading);

    // One arena for all sessions: a step's working memory is kept once, not once a graph.
    this.cpuMemory = this.out("CreateCpuMemoryInfo", ARENA_ALLOCATOR, DEFAULT_MEMORY);
    this.call("CreateAndRegisterAllocator", this.environment, this.cpuMemory, 0n);
    this.sessionOptions = this.createSessionOptions();
  }

  /** Reads, checks and optimises a model. */
  createSession(model: Uint8Array, inputs: number, outputs: number): Session {
    const handle = this.out("CreateSessionFromArray", this.environment, model, model.length, this.sessionOptions);
    return new Session(this, this.api, handle, inputs, outputs);
  }

  /** A tensor over memory that the caller owns and keeps alive. */
  wrap(memory: Pointer, bytes: number, shape: readonly number[], type: ElementType): Pointer {
    const lengths = BigInt64Array.from(shape, BigInt);
    return this.out(
      "CreateTensorWithDataAsOrtValue",
      this.cpuMemory,
      memory,
      bytes,
      lengths,
      shape.length,
      ELEMENT_TYPES[type],
    );
  }

  /** Describes memory of a provider's device, by ONNX Runtime's name for it. */
  deviceMemory(name: string): Pointer {
    return this.out("CreateMemoryInfo", name, DEVICE_ALLOCATOR, 0, DEFAULT_MEMORY);
  }

  /** The allocator that a session uses for a kind of memory; the session must live as long. */
  allocatorOf(session: Session, memory: Pointer): Pointer {
    return this.out("CreateAllocator", session.pointer, memory);
  }

  allocateTensor(allocator: Pointer, shape: readonly number[], type: ElementType): Pointer {
    const lengths = BigInt64Array.from(shape, BigInt);
    return this.out("CreateTensorAsOrtValue", allocator, lengths, shape.length, ELEMENT_TYPES[type]);
  }

  /** A tensor over another tensor's memory. */
  aliasTensor(memory: Pointer, tensor: Pointer, bytes: number, shape: readonly number[], type: ElementType): Pointer {
    const data = this.out("GetTensorMutableData", tensor);
    const lengths = BigInt64Array.from(shape, BigInt);
    return this.out("CreateTensorWithDataAsOrtValue", memory, data, bytes, lengths, shape.length, ELEMENT_TYPES[type]);
  }

  release(tensor: Pointer): void {
    this.api.ReleaseValue(tensor);
  }

  /** Calls a function that returns a status; throws its message where there is one. */
  call(name: keyof Functions, ...args: unknown[]): void {
    this.check(name, this.api[name](...args) as Pointer);
  }

  check(name: string, status: Pointer | null): void {
    if (!status) return;
    const message = this.api.GetErrorMessage(status) as string;
    this.api.ReleaseStatus(status);
    throw new Error(`ONNX Runtime ${this.version}, ${name}: ${message}`);
  }

  /** Does the same for functions whose last argument is where they put what they made. */
  private out(name: keyof Functions, ...args: unknown[]): Pointer {
    const made: [Pointer | null] = [null];
    this.call(name, ...args, made);
    return made[0] as Pointer;
  }

  private createSessionOptions(): Pointer {
    const { provider, kernelLibrary, profilePrefix } = this.options;
    const options = this.out("CreateSessionOptions");
    this.call("DisablePerSessionThreads", options);
    // A pattern is one block as large as a step, beside the pieces that the first run took from the arena: memory twice.
    this.call("DisableMemPattern", options);
    this.call("SetSessionLogSeverityLevel", options, LOG_FATAL);
    this.call("AddSessionConfigEntry", options, "session.use_env_allocators", "1");
    if (profilePrefix) this.call("EnableProfiling", options, profilePrefix);
    if (kernelLibrary) this.call("RegisterCustomOpsLibrary_V2", options, kernelLibrary);
    if (provider !== "cpu") this.appendProvider(options, provider);
    return options;
  }

  private appendProvider(options: Pointer, provider: string): void {
    try {
      this.call("SessionOptionsAppendExecutionProvider", options, PROVIDERS[provider]!.short, 0n, 0n, 0);
    } catch (error) {
      const reason = (error as Error).message
        .trim()
        .split("\n")
        .at(-1)!
        .replace(/^.* was false\. /, "");
      throw new Error(
        `onnx engine: provider "${provider}" is in this ONNX Runtime but could not start: ${reason}. ` +
          'It needs a GPU with a driver (Vulkan on Linux, Metal on macOS, D3D12 on Windows). Use provider "cpu" on this machine.',
      );
    }
  }

  private availableProviders(): string[] {
    const list: [Pointer | null] = [null];
    const count = [0];
    this.call("GetAvailableProviders", list, count);
    const names = koffi.decode(list[0], "str", count[0]!) as string[];
    this.call("ReleaseAvailableProviders", list[0], count[0]);
    return Object.keys(PROVIDERS).filter((provider) => names.includes(PROVIDERS[provider]!.long));
  }

  private requireProvider(provider: string): void {
    if (this.providers.includes(provider)) return;
    throw new Error(
      `onnx engine: provider "${provider}" is not in this ONNX Runtime (${this.version}), which has ${this.providers.join(", ")}. ` +
        `Choose one of these, or give libraryPath of a build that has "${provider}".`,
    );
  }
}

/** What the engine calls a provider, and the two names ONNX Runtime has for it. */
const PROVIDERS: Record<string, { short: string; long: string }> = {
  cpu: { short: "CPU", long: "CPUExecutionProvider" },
  webgpu: { short: "WebGPU", long: "WebGpuExecutionProvider" },
};

/** One compiled graph. Inputs are named i0, i1, …, outputs o0, o1, … */
export class Session {
  private readonly inputNames: BigUint64Array;
  private readonly outputNames: BigUint64Array;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly api: Functions,
    private handle: Pointer,
    inputs: number,
    outputs: number,
  ) {
    this.inputNames = nameTable("i", inputs);
    this.outputNames = nameTable("o", outputs);
  }

  get pointer(): Pointer {
    return this.handle;
  }

  /** Tensors come in the order of the names; outputs are written where they are. */
  run(inputs: BigUint64Array, outputs: BigUint64Array): void {
    this.runtime.check("Run", this.api.Run(...this.runArguments(inputs, outputs)) as Pointer);
  }

  /** Does the same on a thread of its own: the event loop stays free. */
  runAsync(inputs: BigUint64Array, outputs: BigUint64Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.api.Run.async(...(this.runArguments(inputs, outputs) as []), (error: unknown, status: unknown) => {
        try {
          if (error) throw error;
          this.runtime.check("Run", status as Pointer);
          resolve();
        } catch (failure) {
          reject(failure);
        }
      });
    });
  }

  /** Ends the profile of this session and gives the file's name. */
  endProfiling(allocator: Pointer): string {
    const name: [Pointer | null] = [null];
    this.runtime.call("SessionEndProfiling", this.handle, allocator, name);
    return koffi.decode.string(name[0]);
  }

  /** ONNX Runtime 1.30 crashes when a session of its WebGPU provider is released while others live: those are kept. */
  release(): void {
    if (this.handle && this.runtime.options.provider === "cpu") this.api.ReleaseSession(this.handle);
    this.handle = 0n;
  }

  private runArguments(inputs: BigUint64Array, outputs: BigUint64Array): unknown[] {
    return [this.handle, 0n, this.inputNames, inputs, inputs.length, this.outputNames, outputs.length, outputs];
  }
}

/** `prefix0\0`, `prefix1\0`, … as a table of C strings that is never freed: tables only grow with the largest graph. */
function nameTable(prefix: string, count: number): BigUint64Array {
  const table = NAMES.get(prefix) ?? [];
  NAMES.set(prefix, table);
  for (let i = table.length; i < count; i += 1) {
    const text = Buffer.from(`${prefix}${i}\0`);
    const memory = koffi.alloc("uint8_t", text.length) as Pointer;
    new Uint8Array(koffi.view(memory, text.length)).set(text);
    table.push(memory);
  }
  return BigUint64Array.from(table.slice(0, count));
}
const NAMES = new Map<string, Pointer[]>();
