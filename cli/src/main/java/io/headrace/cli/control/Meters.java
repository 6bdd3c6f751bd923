package io.headrace.cli.control;

import io.headrace.protocol.v1.Counter;
import io.headrace.protocol.v1.NodeStats;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import java.util.Comparator;
import java.util.stream.Collectors;

/** All meters of a registry as one message. */
final class Meters {
    private Meters() {}

    static NodeStats read(MeterRegistry registry) {
        NodeStats.Builder stats = NodeStats.newBuilder().setUnixMillis(System.currentTimeMillis());
        registry.getMeters().stream()
                .sorted(Comparator.comparing((Meter meter) -> meter.getId().getName())
                        .thenComparing(meter -> meter.getId().toString()))
                .forEach(meter ->
                        meter.measure().forEach(measurement -> stats.addCounters(counter(meter, measurement))));
        return stats.build();
    }

    private static Counter counter(Meter meter, Measurement measurement) {
        Statistic statistic = measurement.getStatistic();
        boolean plain = statistic == Statistic.COUNT || statistic == Statistic.VALUE;
        boolean timer = meter.getId().getType() == Meter.Type.TIMER;
        String suffix = plain && !timer ? "" : "." + statistic.getTagValueRepresentation();
        return Counter.newBuilder()
                .setName(meter.getId().getName() + suffix)
                .setTags(meter.getId().getTags().stream().map(Meters::text).collect(Collectors.joining(",")))
                .setValue(measurement.getValue())
                .build();
    }

    private static String text(Tag tag) {
        return tag.getKey() + "=" + tag.getValue();
    }
}
