#pragma once
// A model behind HTTP: what all remote providers have in common. The subclass knows the protocol.

#include <memory>
#include <string>
#include <vector>

#include "core/base/secret.hpp"
#include "io/model/model.hpp"
#include "io/model/remote/shard_clients.hpp"
#include "io/model/remote/stream_decoder.hpp"
#include "io/net/http_types.hpp"

namespace hayate::model {

/// What the configuration says about a remote model.
struct RemoteOptions {
    std::string name;      // of the model in the configuration, for errors and the log: "fast"
    std::string base_url;  // "https://host[:port][/path]"
    std::string model_id;  // the provider's name for it
    base::Secret key;      // may be empty
    std::vector<net::Field> headers;        // further fields, sent with every call
    milliseconds first_token_time{20'000};  // where the request sets no nearer deadline
    milliseconds stall_time{20'000};        // silence between two tokens that ends the answer
    // An answer that is not streamed is silent until it is whole.
    milliseconds whole_answer_time{300'000};
    net::ClientLimits limits;
};

/// `start` and `probe` must be called on a shard. Thread-safe; see ShardClients for where it may
/// die.
class RemoteModel : public Model {
  public:
    Task<Result<std::unique_ptr<ModelStream>>> start(ModelRequest request, CancelToken token) final;
    /// Asks for the list of models: shows that the address answers and that the key is taken.
    Task<Status> probe(CancelToken token) final;
    /// Opens this shard's first connection ahead of need, so that the first customer does not wait
    /// for a handshake.
    Task<Status> warm(CancelToken token);

  protected:
    /// Where the protocol lives below the base URL, and how it says who calls.
    struct Protocol {
        std::string call_path;
        std::string probe_path;
        bool has_whole_answers = false;  // else everything is streamed, asked for or not
        std::vector<net::Field> fields;  // authentication among them
    };
    RemoteModel(net::Endpoint endpoint, RemoteOptions options, Protocol protocol);

    [[nodiscard]] virtual std::string body_of(const ModelRequest& request) const = 0;
    [[nodiscard]] virtual std::unique_ptr<StreamDecoder> make_decoder() const = 0;
    [[nodiscard]] const RemoteOptions& options() const { return options_; }
    [[nodiscard]] const std::string& source() const { return source_; }

  private:
    Task<Error> refusal_of(std::unique_ptr<net::ClientResponse> response) const;

    RemoteOptions options_;
    std::string source_;
    std::string call_path_;
    std::string probe_path_;
    bool has_whole_answers_;
    base::Secret fields_;  // rendered once; contains the key
    ShardClients clients_;
};

/// Parses the base URL and checks key and header fields. kBadRequest names what is wrong, without
/// the key.
[[nodiscard]] Result<net::Endpoint> check_options(RemoteOptions& options);

}  // namespace hayate::model
