#pragma once
// One answer of the mock on its way out: timing, faults, and what the log says about it in the end.

#include <memory>
#include <string>

#include "app/mock/mock_log.hpp"
#include "app/mock/mock_protocol.hpp"
#include "io/net/http_server.hpp"

namespace hayate::mock {

/// Lives as long as its request's handler. `run` ends when the answer is out, the fault has struck,
/// or the client left.
class MockAnswer {
  public:
    struct Work {
        Protocol protocol = Protocol::kOpenAi;
        bool streams = false;
        size_t split_bytes = 0;
        model::AnswerPlan plan;
        std::unique_ptr<AnswerWriter> writer;
        MockRecord record;
    };
    MockAnswer(net::Exchange& exchange, Work work, MockLog& log);
    /// Ends the record.
    ~MockAnswer();
    MockAnswer(const MockAnswer&) = delete;
    MockAnswer& operator=(const MockAnswer&) = delete;

    Task<void> run();

  private:
    Task<void> refuse();
    Task<void> send_document();
    Task<void> send_broken_document(std::string body);
    Task<void> stream();
    Task<void> strike();
    Task<void> wait_until_gone();
    /// False when the client has gone.
    Task<bool> wait_for_token(size_t index);
    Task<bool> write();

    net::Exchange& exchange_;
    Work work_;
    MockLog& log_;
    TimePoint began_ = base::Clock::now();
    std::string out_;
};

}  // namespace hayate::mock
