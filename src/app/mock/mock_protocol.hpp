#pragma once
// The two protocols that the mock speaks, behind one small interface. Pure.

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/wire/chat_request.hpp"
#include "io/model/simulated/simulation.hpp"

namespace hayate::mock {

enum class Protocol : uint8_t { kOpenAi, kAnthropic };

[[nodiscard]] Result<wire::ChatRequest> decode_request(Protocol protocol, std::string_view body);
[[nodiscard]] std::string error_body(Protocol protocol, const Error& error);

/// Writes one answer. Everything is appended to a buffer as complete events.
class AnswerWriter {
  public:
    AnswerWriter() = default;
    AnswerWriter(const AnswerWriter&) = delete;
    AnswerWriter& operator=(const AnswerWriter&) = delete;
    virtual ~AnswerWriter() = default;

    virtual void begin(std::string& out, const model::AnswerPlan& plan) = 0;
    virtual void token(std::string& out, std::string_view token) = 0;
    virtual void finish(std::string& out, const model::AnswerPlan& plan) = 0;
    virtual void error(std::string& out, const Error& error) = 0;
    /// An event whose JSON is cut in the middle.
    virtual void malformed(std::string& out) = 0;
    /// The whole answer as one document.
    virtual std::string document(const model::AnswerPlan& plan) = 0;
};

[[nodiscard]] std::unique_ptr<AnswerWriter> make_writer(Protocol protocol,
                                                        const wire::ChatRequest& request,
                                                        uint64_t number);

}  // namespace hayate::mock
