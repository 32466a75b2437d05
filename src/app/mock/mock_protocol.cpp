#include "app/mock/mock_protocol.hpp"

#include <cmath>

#include "core/base/deadline.hpp"
#include "core/wire/anthropic_writer.hpp"
#include "core/wire/openai_writer.hpp"

namespace hayate::mock {
namespace {

constexpr wire::ChatLimits kLimits{.messages_max = 10'000,
                                   .text_bytes_max = size_t{16} * 1024 * 1024};

wire::TokenUsage usage_of(const model::AnswerPlan& plan) {
    if (plan.faults.drops_usage) return {};
    return {.prompt_tokens = plan.usage.prompt_tokens,
            .completion_tokens = plan.usage.completion_tokens};
}

class OpenAiAnswer : public AnswerWriter {
  public:
    OpenAiAnswer(const wire::ChatRequest& request, uint64_t number)
        : id_("chatcmpl-mock-" + std::to_string(number)),
          model_(request.model),
          created_(base::unix_ms() / 1000),
          includes_usage_(request.include_usage),
          gives_logprobs_(request.logprobs),
          random_(number),
          chunks_(options()) {}

    void begin(std::string& out, const model::AnswerPlan& /*plan*/) override {
        chunks_.append_role(out);
    }
    void token(std::string& out, std::string_view token) override {
        if (!gives_logprobs_) return chunks_.append_text(out, token);
        chunks_.append_token(out, token, std::log(0.5 + 0.5 * random_.fraction()));
    }
    void finish(std::string& out, const model::AnswerPlan& plan) override {
        chunks_.append_finish(out, model::name_of(plan.finish));
        if (includes_usage_ && !plan.faults.drops_usage) {
            chunks_.append_usage(out, usage_of(plan));
        }
        if (!plan.faults.drops_done) wire::append_openai_done(out);
    }
    void error(std::string& out, const Error& error) override {
        wire::append_openai_stream_error(out, error);
    }
    void malformed(std::string& out) override {
        out += "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"tru\n\n";
    }
    std::string document(const model::AnswerPlan& plan) override {
        return wire::openai_completion_body(options(), wire::assistant_message(plan.text()),
                                            model::name_of(plan.finish), usage_of(plan));
    }

  private:
    [[nodiscard]] wire::ChunkWriter::Options options() const {
        return {.id = id_, .model = model_, .created = created_, .include_usage = includes_usage_};
    }

    std::string id_;
    std::string model_;
    int64_t created_;
    bool includes_usage_;
    bool gives_logprobs_;
    model::Random random_;
    wire::ChunkWriter chunks_;
};

class AnthropicAnswer : public AnswerWriter {
  public:
    AnthropicAnswer(const wire::ChatRequest& request, uint64_t number)
        : writer_("msg_mock_" + std::to_string(number), request.model) {}

    void begin(std::string& out, const model::AnswerPlan& plan) override {
        writer_.append_start(out, usage_of(plan));
        out += "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    }
    void token(std::string& out, std::string_view token) override {
        writer_.append_text(out, token);
    }
    void finish(std::string& out, const model::AnswerPlan& plan) override {
        writer_.append_finish(out, model::name_of(plan.finish), usage_of(plan));
    }
    void error(std::string& out, const Error& error) override {
        wire::append_anthropic_stream_error(out, error);
    }
    void malformed(std::string& out) override {
        out +=
            "event: content_block_delta\ndata: "
            "{\"type\":\"content_block_delta\",\"delta\":{\"te\n\n";
    }
    std::string document(const model::AnswerPlan& plan) override {
        return writer_.body(plan.text(), model::name_of(plan.finish), usage_of(plan));
    }

  private:
    wire::MessageWriter writer_;
};

}  // namespace

Result<wire::ChatRequest> decode_request(Protocol protocol, std::string_view body) {
    return protocol == Protocol::kOpenAi ? wire::decode_openai_request(body, kLimits)
                                         : wire::decode_anthropic_request(body, kLimits);
}

std::string error_body(Protocol protocol, const Error& error) {
    return protocol == Protocol::kOpenAi ? wire::openai_error_body(error)
                                         : wire::anthropic_error_body(error);
}

std::unique_ptr<AnswerWriter> make_writer(Protocol protocol, const wire::ChatRequest& request,
                                          uint64_t number) {
    if (protocol == Protocol::kOpenAi) return std::make_unique<OpenAiAnswer>(request, number);
    return std::make_unique<AnthropicAnswer>(request, number);
}

}  // namespace hayate::mock
