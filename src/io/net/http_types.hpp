#pragma once
// HTTP messages as plain values, shared by the server and the client side.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hayate::net {

/// A header field. Names are stored in lower case.
struct Field {
    std::string name;
    std::string value;
};

class Fields {
  public:
    Fields() { fields_.reserve(8); }
    void add(std::string name, std::string value) {
        fields_.push_back({std::move(name), std::move(value)});
    }
    /// The value of the first field of that (lower-case) name, or null.
    [[nodiscard]] const std::string* find(std::string_view name) const {
        for (const Field& field : fields_) {
            if (field.name == name) return &field.value;
        }
        return nullptr;
    }
    [[nodiscard]] std::string_view get(std::string_view name) const {
        const std::string* value = find(name);
        return value ? std::string_view(*value) : std::string_view();
    }
    [[nodiscard]] auto begin() const { return fields_.begin(); }
    [[nodiscard]] auto end() const { return fields_.end(); }
    [[nodiscard]] size_t size() const { return fields_.size(); }
    void clear() { fields_.clear(); }

  private:
    std::vector<Field> fields_;
};

struct Request {
    std::string method;
    std::string target;  // origin form: path and query
    Fields fields;
    std::string body;
    bool is_http_1_1 = true;
    bool keep_alive = true;
    std::string remote;  // address of the peer, without port

    [[nodiscard]] std::string_view path() const {
        return std::string_view(target).substr(0, target.find('?'));
    }
    [[nodiscard]] std::string_view query() const {
        const size_t mark = target.find('?');
        return mark == std::string::npos ? std::string_view()
                                         : std::string_view(target).substr(mark + 1);
    }
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<Field> extra;  // further header fields, values without CR and LF
};

[[nodiscard]] std::string_view reason_phrase(int status);
/// True when `value` may stand in a header field: no CR, LF or NUL.
[[nodiscard]] bool is_field_value(std::string_view value);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] std::string_view trim(std::string_view text);

}  // namespace hayate::net
