#include "io/model/anthropic/anthropic_model.hpp"

#include <utility>

#include "core/wire/anthropic_call.hpp"
#include "io/model/anthropic/anthropic_decoder.hpp"

namespace hayate::model {
namespace {

class AnthropicModel : public RemoteModel {
  public:
    AnthropicModel(net::Endpoint endpoint, AnthropicOptions options, Protocol protocol)
        : RemoteModel(std::move(endpoint), options, std::move(protocol)),
          version_(std::move(options.version)),
          caches_system_(options.caches_system) {}

    static Protocol protocol_of(const AnthropicOptions& options) {
        Protocol protocol{.call_path = "/v1/messages",
                          .probe_path = "/v1/models",
                          .fields = {{"anthropic-version", options.version}}};
        if (!options.key.is_empty()) {
            protocol.fields.push_back({"x-api-key", std::string(options.key.reveal())});
        }
        return protocol;
    }

  protected:
    [[nodiscard]] std::string body_of(const ModelRequest& request) const override {
        return wire::encode_anthropic_call(call_of(request, options().model_id),
                                           {.version = version_, .caches_system = caches_system_});
    }
    [[nodiscard]] std::unique_ptr<StreamDecoder> make_decoder() const override {
        return std::make_unique<AnthropicDecoder>(source(), options().key.reveal());
    }

  private:
    std::string version_;
    bool caches_system_;
};

bool is_version(std::string_view text) {
    return text.size() == 10 && text.find_first_not_of("0123456789-") == std::string_view::npos;
}

}  // namespace

Result<std::shared_ptr<RemoteModel>> make_anthropic_model(AnthropicOptions options) {
    if (options.base_url.empty()) options.base_url = "https://api.anthropic.com";
    Result<net::Endpoint> endpoint = check_options(options);
    if (!endpoint) return fail(std::move(endpoint.error()));
    if (!is_version(options.version)) {
        return fail(base::public_error(
            ErrorKind::kBadRequest, "model." + options.name,
            "model '" + options.name + "': the API version must be a date like 2023-06-01"));
    }
    auto protocol = AnthropicModel::protocol_of(options);
    return std::make_shared<AnthropicModel>(std::move(*endpoint), std::move(options),
                                            std::move(protocol));
}

}  // namespace hayate::model
