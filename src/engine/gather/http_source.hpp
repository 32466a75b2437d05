#pragma once
// A service of the shop's own, added by the assistant's YAML alone: GET a URL made of the question
// and the customer, take some fields of the JSON answer, and hand them to the prompt as facts.
//
// Where the request goes is fixed by the configuration; what a customer writes is percent-encoded
// and can only stand in path and query. Redirects are not followed.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/secret.hpp"
#include "core/config/files.hpp"
#include "core/config/source_config.hpp"
#include "core/config/template_text.hpp"
#include "engine/gather/gather.hpp"
#include "io/model/remote/shard_clients.hpp"

namespace hayate::gather {

class HttpSource : public Source {
  public:
    static constexpr size_t kBodyBytesMax = size_t{64} * 1024;

    /// Reads the secrets; kBadRequest names the header and what is wrong, never a value. `config`
    /// has passed check_sources.
    [[nodiscard]] static Result<std::shared_ptr<HttpSource>> make(
        const config::SourceConfig& config, const config::Environment& environment);

    [[nodiscard]] std::string name() const override { return config_.name; }
    /// kUnavailable when it cannot be reached, kUpstream when it answers with anything else than
    /// JSON, kTimeout; the texts name neither URL nor headers.
    Task<Result<Contribution>> fetch(Question question, store::Wait wait) override;

    /// Connections of the calling shard to the service that a call holds: 0 when none runs.
    [[nodiscard]] int64_t busy_connections();

  private:
    HttpSource(config::SourceConfig config, net::Endpoint endpoint, base::Secret fields);

    config::SourceConfig config_;
    std::string target_;  // with placeholders
    base::Secret fields_;
    model::ShardClients clients_;
};

/// The values that a URL's placeholders may have; those that the question does not have are absent.
[[nodiscard]] config::TemplateValues placeholder_values(const Question& question);

/// `target` with each value percent-encoded (RFC 3986). Nothing when a value that it cannot do
/// without is missing, or when a value would turn a step of the path into "." or "..".
[[nodiscard]] std::optional<std::string> fill_target(std::string_view target,
                                                     const config::TemplateValues& values);

/// The fields that JSON pointers select, each on one line; what is absent, null or an object is
/// left out. kUpstream when `body` is not JSON.
[[nodiscard]] Result<std::map<std::string, std::string>> select_fields(
    std::string_view body, const std::map<std::string, std::string>& pointers);

}  // namespace hayate::gather
