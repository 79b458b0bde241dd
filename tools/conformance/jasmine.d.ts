/** The part of jasmine 4 that the runner touches. `@types/jasmine` would declare `describe` and `expect` for every tool. */
declare module "jasmine" {
  export interface SpecResult {
    id: string;
    fullName: string;
    status: "passed" | "failed" | "pending" | "excluded";
    failedExpectations: { message: string; stack: string }[];
    duration: number;
  }
  export interface SuiteResult {
    fullName: string;
    failedExpectations: { message: string; stack: string }[];
  }
  export interface Reporter {
    specStarted?(spec: SpecResult): void;
    specDone?(spec: SpecResult): void;
    suiteDone?(suite: SuiteResult): void;
    jasmineDone?(run: { failedExpectations: { message: string; stack: string }[] }): void;
  }
  export default class Jasmine {
    readonly env: {
      configure(options: { random?: boolean; specFilter?(spec: { id: string; getFullName(): string }): boolean }): void;
      execute(): Promise<unknown>;
    };
    readonly jasmine: { DEFAULT_TIMEOUT_INTERVAL: number };
    exitOnCompletion: boolean;
    addReporter(reporter: Reporter): void;
    clearReporters(): void;
  }
}
