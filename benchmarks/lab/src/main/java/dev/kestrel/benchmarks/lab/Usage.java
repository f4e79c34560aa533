package dev.kestrel.benchmarks.lab;

import java.io.IOException;

/** What a server uses while a load counts. Owned by the thread that runs the lab. */
final class Usage implements Counting {

    private final RunningServer server;
    private long allocatedBefore;
    private long allocated = -1;
    private long cpuBefore;
    private long cpu;

    Usage(RunningServer server) {
        this.server = server;
    }

    @Override
    public void begun() throws IOException, InterruptedException {
        allocatedBefore = server.allocatedBytes();
        cpuBefore = ProcessFigures.cpuMicros(server.handle());
    }

    @Override
    public void ended() throws IOException, InterruptedException {
        cpu = ProcessFigures.cpuMicros(server.handle()) - cpuBefore;
        if (allocatedBefore >= 0) {
            allocated = server.allocatedBytes() - allocatedBefore;
        }
    }

    /** Adds it to what the load saw, for each of its requests. */
    void addTo(Measurement measurement, double requests) {
        measurement.with(Metric.CPU, cpu / requests);
        if (allocated >= 0) {
            measurement.with(Metric.ALLOCATED, allocated / requests);
        }
    }
}
