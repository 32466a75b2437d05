#include "io/export/prometheus.hpp"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace hayate::exporting {
namespace {

using observe::Cell;
using observe::Family;
using observe::MetricKind;
using Labels = std::vector<std::pair<std::string, std::string>>;

std::string_view type_name(MetricKind kind) {
    switch (kind) {
        case MetricKind::kCounter:
        case MetricKind::kSeconds:
            return "counter";
        case MetricKind::kGauge:
            return "gauge";
        case MetricKind::kHistogram:
            return "histogram";
    }
    return "untyped";
}

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"') text += '\\';
        text += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return text;
}

std::string label_text(const Labels& labels, std::string_view extra = {}) {
    std::string text;
    for (const auto& [name, value] : labels) {
        fmt::format_to(std::back_inserter(text), "{}{}=\"{}\"", text.empty() ? "" : ",", name,
                       escaped(value));
    }
    if (!extra.empty()) text.append(text.empty() ? "" : ",").append(extra);
    return text.empty() ? text : "{" + text + "}";
}

void append_histogram(std::string& out, const std::string& name, const Labels& labels,
                      const Cell& cell) {
    auto to = std::back_inserter(out);
    int64_t below = 0;
    for (size_t i = 0; i < observe::kLatencyBounds.size(); ++i) {
        below += cell.buckets[i].load(std::memory_order_relaxed);
        const std::string bound = fmt::format("le=\"{}\"", observe::kLatencyBounds[i]);
        fmt::format_to(to, "{}_bucket{} {}\n", name, label_text(labels, bound), below);
    }
    const int64_t count = std::max(below, cell.value.load(std::memory_order_relaxed));
    fmt::format_to(to, "{}_bucket{} {}\n", name, label_text(labels, "le=\"+Inf\""), count);
    const auto sum = static_cast<double>(cell.sum_micros.load(std::memory_order_relaxed)) / 1e6;
    fmt::format_to(to, "{}_sum{} {}\n{}_count{} {}\n", name, label_text(labels), sum, name,
                   label_text(labels), count);
}

}  // namespace

std::string prometheus_text(const observe::Metrics& metrics) {
    std::string out;
    for (const Family& family : metrics.families()) {
        const auto all = family.series();
        if (all.empty()) continue;
        fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", family.name(),
                       family.help(), family.name(), type_name(family.kind()));
        for (const Family::Series& series : all) {
            if (family.kind() == MetricKind::kHistogram) {
                append_histogram(out, family.name(), series.labels, *series.cell);
                continue;
            }
            const int64_t value = series.cell->value.load(std::memory_order_relaxed);
            const std::string text = family.kind() == MetricKind::kSeconds
                                         ? fmt::format("{:.6f}", static_cast<double>(value) / 1e6)
                                         : fmt::format("{}", value);
            fmt::format_to(std::back_inserter(out), "{}{} {}\n", family.name(),
                           label_text(series.labels), text);
        }
    }
    return out;
}

}  // namespace hayate::exporting
