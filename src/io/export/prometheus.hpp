#pragma once
// Metrics as Prometheus text (exposition format 0.0.4).

#include <string>

#include "core/observe/metrics.hpp"

namespace hayate::exporting {

inline constexpr std::string_view kPrometheusType = "text/plain; version=0.0.4; charset=utf-8";

[[nodiscard]] std::string prometheus_text(const observe::Metrics& metrics);

}  // namespace hayate::exporting
