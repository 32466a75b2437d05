#include "io/model/openai/openai_model.hpp"

#include <utility>

#include "core/wire/openai_call.hpp"
#include "io/model/openai/openai_decoder.hpp"

namespace hayate::model {
namespace {

class OpenAiModel : public RemoteModel {
  public:
    OpenAiModel(net::Endpoint endpoint, OpenAiOptions options, Protocol protocol)
        : RemoteModel(std::move(endpoint), options, std::move(protocol)),
          max_tokens_name_(std::move(options.max_tokens_name)) {}

    static Protocol protocol_of(const OpenAiOptions& options) {
        Protocol protocol{.call_path = "/chat/completions",
                          .probe_path = "/models",
                          .has_whole_answers = true,
                          .fields = {}};
        if (!options.key.is_empty()) {
            protocol.fields.push_back(
                {"authorization", "Bearer " + std::string(options.key.reveal())});
        }
        return protocol;
    }

  protected:
    [[nodiscard]] std::string body_of(const ModelRequest& request) const override {
        return wire::encode_openai_call(call_of(request, options().model_id), max_tokens_name_);
    }
    [[nodiscard]] std::unique_ptr<StreamDecoder> make_decoder() const override {
        return std::make_unique<OpenAiDecoder>(source(), options().key.reveal());
    }

  private:
    std::string max_tokens_name_;
};

}  // namespace

Result<std::shared_ptr<RemoteModel>> make_openai_model(OpenAiOptions options) {
    if (options.base_url.empty()) options.base_url = "https://api.openai.com/v1";
    Result<net::Endpoint> endpoint = check_options(options);
    if (!endpoint) return fail(std::move(endpoint.error()));
    if (options.max_tokens_name.empty()) {
        options.max_tokens_name =
            endpoint->host == "api.openai.com" ? "max_completion_tokens" : "max_tokens";
    }
    auto protocol = OpenAiModel::protocol_of(options);
    return std::make_shared<OpenAiModel>(std::move(*endpoint), std::move(options),
                                         std::move(protocol));
}

}  // namespace hayate::model
