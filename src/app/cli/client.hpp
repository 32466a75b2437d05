#pragma once
// A small blocking client for the command line: one shard, one request at a time.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "io/net/http_client.hpp"
#include "io/runtime/shard.hpp"

namespace hayate::cli {

class Client {
  public:
    /// `url` is the server's, "http://127.0.0.1:8080"; `key` may be empty.
    static Result<std::unique_ptr<Client>> connect_to(const std::string& url,
                                                      const std::string& key);
    ~Client();

    struct Reply {
        int status = 0;
        std::string body;
    };
    Result<Reply> get(std::string path);
    Result<Reply> post(std::string path, std::string body);
    /// Streams a chat completion; `on_text` is called on another thread with each piece. Returns
    /// when the answer is complete, or with the server's error. `stop` is looked at between pieces.
    Status ask(std::string body, const std::function<void(std::string_view)>& on_text,
               const std::function<bool()>& stop);
    /// The id of the answer that came last, for feedback; empty before the first.
    [[nodiscard]] const std::string& answer_id() const { return answer_id_; }

  private:
    Result<Reply> send(net::ClientRequest request);

    Client(net::Endpoint endpoint, std::string fields);

    runtime::Shards shards_{1};
    std::unique_ptr<net::HttpClient> http_;
    std::string fields_;
    std::string answer_id_;
};

/// The JSON body of a streamed request to `model` with alternating user and assistant texts.
[[nodiscard]] std::string chat_body(std::string_view model, const std::vector<std::string>& texts);

}  // namespace hayate::cli
