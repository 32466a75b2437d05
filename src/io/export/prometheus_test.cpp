#include "io/export/prometheus.hpp"

#include <gtest/gtest.h>

namespace hayate::exporting {
namespace {

TEST(Prometheus, WritesCountersAndCumulativeHistograms) {
    observe::Metrics metrics;
    metrics.counter("a_total", "Things.", {"kind"}).at({"x\"y\n"}).add(3);
    auto& cell = metrics.histogram("b_seconds", "Times.").at();
    cell.observe_seconds(0.002);
    cell.observe_seconds(0.3);
    cell.observe_seconds(99);
    metrics.seconds("c_seconds_total", "Time.").at().add(2'500'001);
    const std::string text = prometheus_text(metrics);
    EXPECT_NE(text.find("# TYPE c_seconds_total counter\nc_seconds_total 2.500001\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("# TYPE a_total counter\na_total{kind=\"x\\\"y\\n\"} 3\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("b_seconds_bucket{le=\"0.001\"} 0\n"), std::string::npos);
    EXPECT_NE(text.find("b_seconds_bucket{le=\"0.4\"} 2\n"), std::string::npos);
    EXPECT_NE(text.find("b_seconds_bucket{le=\"+Inf\"} 3\n"), std::string::npos);
    EXPECT_NE(text.find("b_seconds_count 3\n"), std::string::npos);
}

TEST(Metrics, LabelValuesFromOutsideCannotFillTheMemory) {
    observe::Metrics metrics;
    auto& family = metrics.counter("a_total", "Things.", {"name"});
    for (int i = 0; i < 5000; ++i) family.at({std::to_string(i)}).add();
    EXPECT_LE(family.series().size(), 1001U);
    EXPECT_EQ(family.at({"other"}).value.load(), 4000);
}

}  // namespace
}  // namespace hayate::exporting
