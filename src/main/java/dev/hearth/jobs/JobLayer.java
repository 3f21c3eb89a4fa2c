package dev.hearth.jobs;

/// Stands around each run of a job, its retries included, and links it with what was going on when it was put off:
/// how a trace goes on from a request to the work that it has left for later.
public interface JobLayer {

    /// What stands within.
    @FunctionalInterface
    interface Work {
        void call() throws Exception;
    }

    /// What is going on now, on this thread, where work is put off; empty for nothing. It is kept with the work, and is
    /// no place for secrets. At most 255 characters.
    String origin();

    /// Calls the work once, on this thread, and passes on what it throws.
    ///
    /// @param origin what [#origin] gave when this was put off; empty for a job that comes back by itself
    void around(JobRun run, String origin, Work work) throws Exception;

    /// The layer that adds nothing.
    JobLayer NONE =
            new JobLayer() {
                @Override
                public String origin() {
                    return "";
                }

                @Override
                public void around(JobRun run, String origin, Work work) throws Exception {
                    work.call();
                }
            };
}
